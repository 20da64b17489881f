import type { RayBundle } from '@nerfseg/geometry';

/** Several bundles as one, so that all cameras of a scan are marched and rendered at once; the limits are the widest. */
export const concatRays = (bundles: readonly RayBundle[]): RayBundle => {
  const count = bundles.reduce((sum, b) => sum + b.origins.length / 3, 0);
  const origins = new Float32Array(count * 3);
  const directions = new Float32Array(count * 3);
  const pixels = new Int32Array(count * 2);
  let near = bundles.length > 0 ? Number.POSITIVE_INFINITY : 0;
  let far = bundles.length > 0 ? 0 : 1;
  let at = 0;
  for (const b of bundles) {
    origins.set(b.origins, at * 3);
    directions.set(b.directions, at * 3);
    pixels.set(b.pixels, at * 2);
    near = Math.min(near, b.near);
    far = Math.max(far, b.far);
    at += b.origins.length / 3;
  }
  return { origins, directions, pixels, near, far };
};
