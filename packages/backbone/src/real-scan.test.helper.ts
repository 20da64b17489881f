// The first KITTI sample scan, where the sample data are.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cylindricalGrid, type PointCloud, type VoxelizedScan, voxelize } from '@nerfseg/geometry';
import { isLeft } from 'fp-ts/lib/Either.js';

const folder = process.env.NERFSEG_REAL_DATA ?? path.resolve(__dirname, '../../../../shared/data');
const file = path.join(folder, 'semantickitti/sequences/00/velodyne/000000.bin');

export const haveRealScan = existsSync(file);

export function realScan(shape: readonly [number, number, number]): VoxelizedScan {
  const bytes = readFileSync(file);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const count = values.length / 4;
  const points: PointCloud = { positions: new Float32Array(count * 3), intensity: new Float32Array(count) };
  for (let n = 0; n < count; n++) {
    points.positions.set(values.subarray(n * 4, n * 4 + 3), n * 3);
    points.intensity[n] = values[n * 4 + 3];
  }
  const scan = voxelize(points, cylindricalGrid('semantickitti', { shape, interval: 'released' }));
  if (isLeft(scan)) throw new Error(scan.left.found);
  return scan.right;
}
