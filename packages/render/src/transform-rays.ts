import type { RayBundle } from '@nerfseg/geometry';

export interface TransformedRays {
  readonly rays: RayBundle;
  /** [R] metres along the new ray per metre along the old one; divide a rendered depth by it. */
  readonly scale: Float32Array;
}

/**
 * The rays in the frame of an augmented scan. Directions are made unit length again, so one metre of ray may become
 * `scale` metres, and differently per ray where the affine scales its axes differently. `near` and `far` are widened
 * to hold every ray's limits (near * least scale, far * greatest). A direction that is NaN, of a pixel that its lens gives no ray
 * (see `castRays`), stays NaN, of scale 1.
 *
 * @param affine [16] column-major `augmentedFromLidar`: rotation, flip, scale, translation.
 * @throws RangeError for an affine that maps a ray to a point, or has NaN.
 */
export const transformRays = (rays: RayBundle, affine: Float64Array): TransformedRays => {
  if (affine.length !== 16) throw new RangeError(`affine: found ${affine.length} values, expected 16`);
  if (affine.some(Number.isNaN)) throw new RangeError('affine: found NaN');
  const m = affine;
  const count = rays.origins.length / 3;
  const origins = new Float32Array(count * 3);
  const directions = new Float32Array(count * 3);
  const scale = new Float32Array(count);
  let least = Number.POSITIVE_INFINITY;
  let greatest = 0;
  for (let r = 0; r < count; r++) {
    const i = r * 3;
    let length = 0;
    for (let a = 0; a < 3; a++) {
      const [x, y, z] = [rays.origins[i], rays.origins[i + 1], rays.origins[i + 2]];
      origins[i + a] = m[a] * x + m[4 + a] * y + m[8 + a] * z + m[12 + a];
      const d =
        m[a] * rays.directions[i] + m[4 + a] * rays.directions[i + 1] + m[8 + a] * rays.directions[i + 2];
      directions[i + a] = d;
      length += d * d;
    }
    length = Math.sqrt(length);
    if (Number.isNaN(length)) {
      scale[r] = 1;
      continue;
    }
    if (length === 0) throw new RangeError('affine: it maps a ray to a point');
    for (let a = 0; a < 3; a++) directions[i + a] /= length;
    scale[r] = length;
    least = Math.min(least, length);
    greatest = Math.max(greatest, length);
  }
  if (greatest === 0) least = greatest = 1; // no ray, or none with a direction
  return {
    rays: { origins, directions, pixels: rays.pixels, near: rays.near * least, far: rays.far * greatest },
    scale,
  };
};
