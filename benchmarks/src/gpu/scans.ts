import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  createRandom,
  cylindricalGrid,
  type PointCloud,
  type VoxelizedScan,
  voxelize,
} from '@nerfseg/geometry';
import { createWorld, simulateScene, simulationConfig } from '@nerfseg/sim';
import { decodeScan } from '../decode-scan.js';

/** The scans that everything is measured on, and what they are. */
export interface Scans {
  readonly name: string;
  readonly points: readonly [PointCloud, PointCloud];
}

/** Two frames of a simulated street, 1.5 s apart, as KITTI's scanner would measure them. */
export const simulatedScans = async (): Promise<Scans> => {
  const config = simulationConfig({
    format: 'semantickitti',
    framesPerScene: 2,
    frameSpacing: 1.5,
    cameras: [],
    imageSize: { width: 8, height: 8 },
  });
  if (config._tag === 'Left') throw new Error(`${config.left.field}: ${config.left.found}`);
  const world = createWorld({ kind: 'downtown', seconds: 3 }, createRandom('gpu benchmark'));
  const points: PointCloud[] = [];
  for await (const { sweep } of simulateScene(world, config.right, createRandom(1)))
    points.push(sweep.points);
  const [first, second] = points;
  return { name: 'simulated HDL-64E scans (@nerfseg/sim)', points: [first!, second!] };
};

/** KITTI's format: x, y, z, intensity of every point, float32. */
export const encodeScan = ({ positions, intensity }: PointCloud): Uint8Array => {
  const records = Float32Array.from({ length: intensity.length * 4 }, (_, n) =>
    n % 4 === 3 ? intensity[n >> 2]! : positions[(n >> 2) * 3 + (n % 4)]!,
  );
  return new Uint8Array(records.buffer);
};

/** The first two `.bin` files of a folder (twice the first where there is one); simulated scans without a folder. */
export const openScans = async (folder: string | undefined): Promise<Scans> => {
  if (folder === undefined) return simulatedScans();
  const files = readdirSync(folder)
    .filter((file) => file.endsWith('.bin'))
    .sort();
  if (files.length === 0) throw new Error(`${folder}: no .bin file, expected scans in KITTI's format`);
  const [first, second] = [files[0]!, files[1] ?? files[0]!];
  const read = (file: string): PointCloud => decodeScan(readFileSync(path.join(folder, file)));
  return { name: `${first}, ${second}`, points: [read(first), read(second)] };
};

/** Every so manieth point. */
export const thin = ({ positions, intensity }: PointCloud, every: number): PointCloud => {
  const count = Math.ceil(intensity.length / every);
  return {
    positions: Float32Array.from(
      { length: count * 3 },
      (_, n) => positions[Math.floor(n / 3) * every * 3 + (n % 3)]!,
    ),
    intensity: Float32Array.from({ length: count }, (_, n) => intensity[n * every]!),
  };
};

/** A scan's voxels in a grid of that shape over KITTI's range. */
export const voxelsOf = (points: PointCloud, shape: readonly [number, number, number]): VoxelizedScan => {
  const scan = voxelize(points, cylindricalGrid('semantickitti', { shape, interval: 'released' }));
  if (scan._tag === 'Left') throw new Error(`${scan.left.field}: ${scan.left.found}`);
  return scan.right;
};
