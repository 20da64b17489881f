import type { RayBundle } from '@nerfseg/geometry';

/** Rays through known points: where each one ends is known. */
export interface MeasuredRays {
  readonly rays: RayBundle;
  /** [R] metres from the ray's origin to the point; 0 for a point at the origin (its direction means nothing). */
  readonly range: Float32Array;
}

/** Rays from one origin through the points that `indices` name; pixels are -1, -1. */
export const castToPoints = (
  origin: readonly [number, number, number],
  positions: Float32Array,
  indices: Int32Array,
  near: number,
  far: number | undefined,
): MeasuredRays => {
  const count = indices.length;
  const origins = new Float32Array(count * 3);
  const directions = new Float32Array(count * 3);
  const range = new Float32Array(count);
  let farthest = near;
  for (let r = 0; r < count; r++) {
    const p = indices[r] * 3;
    if (!(p >= 0 && p + 2 < positions.length))
      throw new RangeError(`point ${indices[r]}: not among ${positions.length / 3} points`);
    const dx = positions[p] - origin[0];
    const dy = positions[p + 1] - origin[1];
    const dz = positions[p + 2] - origin[2];
    const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const scale = length > 0 ? 1 / length : 0;
    origins.set(origin, r * 3);
    directions[r * 3] = length > 0 ? dx * scale : 1;
    directions[r * 3 + 1] = dy * scale;
    directions[r * 3 + 2] = dz * scale;
    range[r] = length;
    if (length > farthest) farthest = length;
  }
  const rays = {
    origins,
    directions,
    pixels: new Int32Array(count * 2).fill(-1),
    near,
    far: far ?? farthest + 1,
  };
  return { rays, range };
};
