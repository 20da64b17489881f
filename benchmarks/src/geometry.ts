import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  type CylindricalGrid,
  cellsOf,
  compensateMotion,
  composePoses,
  createRandom,
  cylindricalGrid,
  devoxelize,
  interpolatePose,
  invertPose,
  type PinholeCamera,
  type PointCloud,
  type PoseTrack,
  poseFromEuler,
  projectPoints,
  transformPoints,
  voxelize,
  voxelLabels,
} from '@nerfseg/geometry';
import { getOrElseW } from 'fp-ts/lib/Either.js';
import type { BenchContext, BenchRow, Suite } from './harness.js';

const fromEither = getOrElseW((error) => {
  throw new Error(JSON.stringify(error));
});

/** The first KITTI scan, or as many points of a plausible range distribution. */
const benchmarkScan = (realData: string | undefined): { points: PointCloud; name: string } => {
  const file = path.join(realData ?? '', 'semantickitti/sequences/00/velodyne/000000.bin');
  const real = realData !== undefined && existsSync(file);
  const random = createRandom('benchmark scan');
  const records = real ? float32(file) : undefined;
  const count = records ? records.length / 4 : 124668;
  const positions = new Float32Array(count * 3);
  const intensity = new Float32Array(count);
  for (let n = 0; n < count; n++) {
    const rho = 2.5 + 60 * random.next() ** 3;
    const phi = (random.next() * 2 - 1) * Math.PI;
    const made = [rho * Math.cos(phi), rho * Math.sin(phi), -1.7 + 2 * random.next() ** 4, random.next()];
    for (let axis = 0; axis < 3; axis++) positions[n * 3 + axis] = records?.[n * 4 + axis] ?? made[axis]!;
    intensity[n] = records?.[n * 4 + 3] ?? made[3]!;
  }
  return { points: { positions, intensity }, name: `${real ? 'KITTI' : 'made-up'} scan, ${count} points` };
};

const float32 = (file: string): Float32Array => {
  const bytes = readFileSync(file);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

/** Voxelization as one writes it first: a Map from cell to row, then a sort. Same coordinates and rows, no features. */
const voxelizeByMap = ({ positions, intensity }: PointCloud, grid: CylindricalGrid): Int32Array => {
  const { min, interval } = cellsOf(grid);
  const clamp = (value: number, axis: 0 | 1 | 2): number =>
    Math.min(grid.shape[axis] - 1, Math.max(0, Math.floor((value - min[axis]) / interval[axis])));
  const cells = Array.from(intensity, (_, n) => {
    const [x, y, z] = [positions[n * 3]!, positions[n * 3 + 1]!, positions[n * 3 + 2]!];
    const i = clamp(Math.sqrt(x * x + y * y), 0);
    return (i * grid.shape[1] + clamp(Math.atan2(y, x), 1)) * grid.shape[2] + clamp(z, 2);
  });
  const rows = new Map([...new Set(cells)].sort((a, b) => a - b).map((cell, row) => [cell, row]));
  return Int32Array.from(cells, (cell) => rows.get(cell)!);
};

/** Motion compensation with a pose interpolated and applied for every point. */
const compensateByPose = (points: PointCloud, timestamp: number, track: PoseTrack): Float32Array => {
  const fromGlobal = invertPose(fromEither(interpolatePose(track, timestamp)));
  const moved = points.positions.slice();
  for (let n = 0; n < points.intensity.length; n++) {
    const pose = fromEither(interpolatePose(track, timestamp + points.timeOffset![n]! * 1e6));
    moved.set(transformPoints(composePoses(fromGlobal, pose), moved.subarray(n * 3, n * 3 + 3)), n * 3);
  }
  return moved;
};

export const suite: Suite = async ({ timeMedian, timePair, realData }: BenchContext) => {
  const { points, name } = benchmarkScan(realData);
  const count = points.intensity.length;
  const rows: BenchRow[] = [];
  const alone = async (label: string, run: () => unknown): Promise<void> => {
    rows.push({ name: label, ours: await timeMedian(label, run), note: name });
  };
  const against = async (
    label: string,
    peerName: string,
    ours: () => unknown,
    peer: () => unknown,
  ): Promise<void> => {
    const times = await timePair(label, ours, peer);
    rows.push({ name: label, ...times, peerName, ratio: times.peer / times.ours, note: name });
  };

  const fine = cylindricalGrid('semantickitti');
  const coarse = cylindricalGrid('semantickitti', { shape: [240, 180, 20] });
  for (const grid of [fine, coarse])
    await against(
      `voxelize ${grid.shape.join('x')}`,
      'JavaScript Map and sort, without features',
      () => voxelize(points, grid),
      () => voxelizeByMap(points, grid),
    );

  const scan = fromEither(voxelize(points, fine));
  const labels = Uint8Array.from({ length: count }, (_, n) => n % 20);
  const perVoxel = voxelLabels(scan, labels, 20);
  await alone('voxelLabels, 20 classes', () => voxelLabels(scan, labels, 20));
  await alone('devoxelize', () => devoxelize(scan, perVoxel));

  const pose = poseFromEuler([1, 2, 3], 0.3, 0.2, 0.1);
  const camera: PinholeCamera = {
    width: 1600,
    height: 900,
    intrinsics: Float64Array.of(1266, 0, 816, 0, 1266, 491, 0, 0, 1),
  };
  await alone('transformPoints', () => transformPoints(pose, points.positions));
  await alone('projectPoints', () => projectPoints(points.positions, pose, camera));

  const track: PoseTrack = {
    timestamps: Float64Array.of(0, 1e5, 2e5),
    poses: [0, 1, 2].map((x) => poseFromEuler([x, 0, 0], x * 0.1)),
  };
  const timeOffset = Float32Array.from({ length: count }, (_, n) => (0.1 * (n % 2000)) / 2000 - 0.05);
  const spinning = { ...points, timeOffset };
  await against(
    'compensateMotion',
    'a pose per point',
    () => compensateMotion(spinning, 1e5, track),
    () => compensateByPose(spinning, 1e5, track),
  );

  const random = createRandom(1);
  const draw = (next: () => number) => (): number => {
    let sum = 0;
    for (let i = 0; i < 100000; i++) sum += next();
    return sum;
  };
  const times = await timePair('random.next, 100,000 draws', draw(random.next), draw(Math.random));
  rows.push({
    name: 'random.next, 100,000 draws',
    ...times,
    peerName: 'Math.random (no seed)',
    ratio: times.peer / times.ours,
  });
  return rows;
};
