import type { PointCloud, Random } from '@nerfseg/geometry';

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
}

export interface Augmented<Labels> {
  readonly points: PointCloud;
  readonly labels: Labels;
  /**
   * 4x4 affine, column-major like a `Pose` but no rigid transform: it scales and mirrors. For points; a direction
   * takes its linear part and is to be normalised again.
   */
  readonly augmentedFromLidar: Float64Array;
}

/**
 * Augments a sweep as Cylinder3D's data loader does: rotate about z, mirror, scale x and y, shift, in this order.
 * The labels go through as they are, since points keep their order. The same random numbers are drawn whatever is
 * switched off.
 *
 * @param labels [N], or undefined.
 */
export const augment = <Labels extends Uint8Array | undefined>(
  points: PointCloud,
  labels: Labels,
  random: Random,
  options: AugmentOptions = {},
): Augmented<Labels> => {
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
  return {
    points: { ...points, positions: transformAffine(points.positions, affine) },
    labels,
    augmentedFromLidar: affine,
  };
};

const transformAffine = (positions: Float32Array, m: Float64Array): Float32Array => {
  const moved = new Float32Array(positions.length);
  for (let p = 0; p < positions.length; p += 3) {
    const [x, y, z] = [positions[p], positions[p + 1], positions[p + 2]];
    moved[p] = m[0] * x + m[4] * y + m[8] * z + m[12];
    moved[p + 1] = m[1] * x + m[5] * y + m[9] * z + m[13];
    moved[p + 2] = m[2] * x + m[6] * y + m[10] * z + m[14];
  }
  return moved;
};
