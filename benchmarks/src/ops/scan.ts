import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cylindricalGrid, type PointCloud, type VoxelizedScan, voxelize } from '@nerfseg/geometry';
import { getOrElseW } from 'fp-ts/lib/Either.js';
import { decodeScan, pointsOf } from '../decode-scan.js';

const fromEither = getOrElseW((error) => {
  throw new Error(JSON.stringify(error));
});

/** A KITTI scan, or points of a plausible range distribution where there is none. */
export const benchmarkPoints = (
  realData: string | undefined,
  frame = 0,
): { points: PointCloud; name: string } => {
  const file = path.join(
    realData ?? '',
    `semantickitti/sequences/00/velodyne/${String(frame).padStart(6, '0')}.bin`,
  );
  const real = realData !== undefined && existsSync(file);
  if (real) return { points: decodeScan(readFileSync(file)), name: 'KITTI scan' };
  const made = Float32Array.from({ length: 124668 * 4 }, (_, n) => {
    const ray = Math.floor(n / 4);
    const rho = 2.5 + 60 * ((ray * 0.7548776662466927) % 1) ** 3;
    const phi = ((ray * 0.5698402909980532) % 1) * 2 * Math.PI;
    return [rho * Math.cos(phi), rho * Math.sin(phi), -1.7 + 2 * ((ray * 0.618) % 1) ** 4, 0.5][n % 4]!;
  });
  return { points: pointsOf(made), name: 'made-up scan' };
};

export const fineShape = [480, 360, 32] as const;
export const coarseShape = [240, 180, 20] as const;

/** The benchmark's scan in a grid of that shape. */
export const benchmarkScan = (
  realData: string | undefined,
  shape: readonly [number, number, number],
  frame = 0,
): VoxelizedScan =>
  fromEither(
    voxelize(
      benchmarkPoints(realData, frame).points,
      cylindricalGrid('semantickitti', { shape, interval: 'released' }),
    ),
  );
