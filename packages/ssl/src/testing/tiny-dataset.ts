import type { CameraView, Frame, FrameDataset } from '@nerfseg/datasets';
import {
  type CylindricalGrid,
  createRandom,
  cylindricalGrid,
  type DataError,
  dataError,
  image,
  type PointCloud,
  type Random,
  type SegmentMasks,
} from '@nerfseg/geometry';
import { encodeRuns, segmentMasks } from '@nerfseg/pseudolabel';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

/** A world small enough for tests: flat ground (class 1), a wall (2) at 6 m ahead, posts (3) in front of it. */
export const tinyGrid: CylindricalGrid = cylindricalGrid('nuscenes', {
  rho: [0, 12],
  z: [-2.5, 2],
  shape: [24, 48, 8],
});

const width = 48;
const height = 32;
/** Camera at the sensor, looking along +x: camera x = -y, y = -z, z = x of the LiDAR. */
const cameraFromLidar = Float64Array.of(0, 0, 1, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 0, 1);
const intrinsics = Float64Array.of(24, 0, 24, 0, 24, 16, 0, 0, 1);

/** What a ray from the sensor hits: distance and class. */
function trace(dx: number, dy: number, dz: number, posts: readonly number[]): readonly [number, number] {
  let hit: readonly [number, number] = [Number.POSITIVE_INFINITY, 0];
  const consider = (t: number, label: number): void => {
    if (t > 0.5 && t < hit[0]) hit = [t, label];
  };
  if (dz < 0) consider(-1.8 / dz, 1);
  if (dx > 0 && Math.abs((6 / dx) * dy) < 4 && (6 / dx) * dz < 1.2) consider(6 / dx, 2);
  for (const y of posts)
    if (dx > 0 && Math.abs((4 / dx) * dy - y) < 0.3 && (4 / dx) * dz < 0.8) consider(4 / dx, 3);
  return hit;
}

function sweep(random: Random, posts: readonly number[]): { points: PointCloud; labels: Uint8Array } {
  const positions: number[] = [];
  const labels: number[] = [];
  for (let beam = 0; beam < 16; beam++) {
    const pitch = -0.5 + (beam / 15) * 0.7;
    for (let step = 0; step < 120; step++) {
      const yaw = (step / 120) * 2 * Math.PI;
      const d = [Math.cos(pitch) * Math.cos(yaw), Math.cos(pitch) * Math.sin(yaw), Math.sin(pitch)] as const;
      const [t, label] = trace(...d, posts);
      if (!(t < 11)) continue;
      const range = t + 0.02 * random.normal();
      positions.push(d[0] * range, d[1] * range, d[2] * range);
      labels.push(label);
    }
  }
  const intensity = Float32Array.from(labels, (label) => 0.2 * label);
  return { points: { positions: Float32Array.from(positions), intensity }, labels: Uint8Array.from(labels) };
}

function exactMasks(posts: readonly number[]): SegmentMasks {
  const labels = new Uint8Array(width * height);
  for (let v = 0; v < height; v++)
    for (let u = 0; u < width; u++)
      labels[v * width + u] = trace(1, -(u + 0.5 - 24) / 24, -(v + 0.5 - 16) / 24, posts)[1];
  const runs = [1, 2, 3].map((label) => encodeRuns(labels.map((found) => (found === label ? 1 : 0))));
  return segmentMasks(width, height, runs, new Float32Array(3).fill(1));
}

/** Frames that differ in where the posts stand; masks are the true outlines. `spoil` breaks frames on purpose. */
export function tinyDataset(
  length: number,
  spoil: { readonly points?: number; readonly unlabelled?: readonly number[] } = {},
): { dataset: FrameDataset; masks: (view: CameraView) => TE.TaskEither<DataError, SegmentMasks> } {
  const posts = Array.from({ length }, (_, i) => {
    const random = createRandom(i).fork('posts');
    return [-2.5 + 2 * random.next(), 0.5 + 2 * random.next()];
  });
  const frame = (i: number): Frame => {
    const { points, labels } = sweep(createRandom(i), posts[i]!);
    const view: CameraView = {
      name: 'CAM_FRONT',
      imagePath: `${i}.png`,
      image: () => TE.right(image(width, height)),
      width,
      height,
      intrinsics,
      timestamp: i,
      cameraFromLidar,
      cameraFromLidarMount: cameraFromLidar,
    };
    return {
      id: `tiny/${i}`,
      sequence: 'tiny',
      timestamp: i,
      points: () =>
        spoil.points === i
          ? TE.left(dataError('truncated', `tiny/${i}.bin`, 'size', '7 bytes', 'a multiple of 16'))
          : TE.right(points),
      labels: () => TE.right(spoil.unlabelled?.includes(i) ? O.none : O.some(labels)),
      cameras: [view],
      globalFromLidar: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1),
    };
  };
  const labelSpace = {
    name: 'tiny',
    names: ['ignore', 'ground', 'wall', 'post'],
    colors: [0, 1, 2, 3].map((c) => [80 * c, 0, 0] as const),
    ignore: 0 as const,
  };
  return {
    dataset: { name: 'tiny', labelSpace, length, frame },
    masks: (view) => TE.right(exactMasks(posts[Number.parseInt(view.imagePath, 10)]!)),
  };
}

/** The right side, or a test failure that shows the error. */
export function unwrap<A>(result: E.Either<DataError, A>): A {
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
  return result.right;
}
