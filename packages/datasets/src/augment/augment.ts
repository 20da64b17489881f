import type { ArrayAllocator, PointCloud, Random } from '@nerfseg/geometry';
import { pointsKept } from './drop-points.js';
import { gatherPoints, gatherRows } from './gather.js';
import { transformAffine } from './transform-affine.js';

/** How far each step may go; zero (or [1, 1]) switches it off. Defaults: Cylinder3D's. */
export interface AugmentOptions {
  /** Radians: rotation about z, uniform in [-rotation, rotation]. Default pi / 4. */
  readonly rotation?: number;
  /** Mirror x, y, both or neither, a quarter of the time each. Default true. */
  readonly flip?: boolean;
  /** Factor on x and y, uniform in the range; z stays. Default [0.95, 1.05]. */
  readonly scale?: readonly [number, number];
  /** Metres: standard deviation of a shift in x, y and z. Default 0.1. */
  readonly translation?: number;
  /** Largest share of the points that is dropped; the share is uniform in [0, dropout], below 1. Default 0. */
  readonly dropout?: number;
  /** Where the moved positions come from. Default: a new array. */
  readonly arrays?: ArrayAllocator;
}

export interface Augmented<Labels> {
  readonly points: PointCloud;
  readonly labels: Labels;
  /**
   * 4x4 affine, column-major like a `Pose` but no rigid transform: it scales and mirrors. For points; a direction
   * takes its linear part and is to be normalised again.
   */
  readonly augmentedFromLidar: Float64Array;
  /** [M] ascending indices of the points that were kept; absent when all were. */
  readonly kept?: Int32Array;
}

/**
 * Augments a sweep as Cylinder3D's data loader does: rotate about z, mirror, scale x and y, shift, in this order; and,
 * where asked to, drops points. Points keep their order; without drop-out the labels go through as they are. The same
 * random numbers are drawn whatever is switched off.
 *
 * @param labels [N], or undefined.
 * @param random of this scan alone where points are dropped: which ones is a matter of a fork, the same for all scans of one generator.
 */
export const augment = <Labels extends Uint8Array | undefined>(
  points: PointCloud,
  labels: Labels,
  random: Random,
  options: AugmentOptions = {},
): Augmented<Labels> => {
  const { dropout = 0, arrays } = options;
  const augmentedFromLidar = drawAffine(random, options);
  const moved = { ...points, positions: transformAffine(points.positions, augmentedFromLidar, arrays) };
  if (dropout === 0) return { points: moved, labels, augmentedFromLidar };
  // Of its own, so that what is drawn after this does not depend on how many points there are.
  const drops = random.fork('dropout');
  const kept = pointsKept(points.intensity.length, drops.next() * dropout, drops);
  return {
    points: gatherPoints(moved, kept),
    labels: (labels && gatherRows(labels, kept)) as Labels,
    augmentedFromLidar,
    kept,
  };
};

const drawAffine = (random: Random, options: AugmentOptions): Float64Array => {
  const { rotation = Math.PI / 4, flip = true, scale = [0.95, 1.05], translation = 0.1 } = options;
  const angle = (2 * random.next() - 1) * rotation;
  const drawn = random.int(4);
  const mirrored = flip ? drawn : 0;
  const factor = scale[0] + (scale[1] - scale[0]) * random.next();
  const x = factor * (mirrored & 1 ? -1 : 1);
  const y = factor * (mirrored & 2 ? -1 : 1);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const affine = new Float64Array(16);
  affine[0] = x * cos;
  affine[1] = y * sin;
  affine[4] = -x * sin;
  affine[5] = y * cos;
  affine[10] = 1;
  for (let axis = 12; axis < 15; axis++) affine[axis] = random.normal() * translation;
  affine[15] = 1;
  return affine;
};
