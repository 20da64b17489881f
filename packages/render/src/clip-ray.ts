import type { Region } from './occupied-region.js';

/**
 * The stretch of a ray inside a region, written to `out` as begin and end in metres.
 *
 * @returns whether there is one.
 */
export const clipRay = (
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
  near: number,
  far: number,
  region: Region,
  out: Float64Array,
): boolean => {
  let begin = near;
  let end = far;
  if (Math.abs(dz) > 1e-12) {
    const t0 = (region.bottom - oz) / dz;
    const t1 = (region.top - oz) / dz;
    begin = Math.max(begin, Math.min(t0, t1));
    end = Math.min(end, Math.max(t0, t1));
  } else if (oz < region.bottom || oz > region.top) return false;
  const a = dx * dx + dy * dy;
  // No direction: a pixel that its lens gives no ray.
  if (Number.isNaN(a)) return false;
  const b = ox * dx + oy * dy;
  const c = ox * ox + oy * oy - region.radius * region.radius;
  if (a > 1e-12) {
    const discriminant = b * b - a * c;
    if (discriminant <= 0) return false;
    const root = Math.sqrt(discriminant);
    begin = Math.max(begin, (-b - root) / a);
    end = Math.min(end, (-b + root) / a);
  } else if (c > 0) return false;
  out[0] = begin;
  out[1] = end;
  return end > begin;
};
