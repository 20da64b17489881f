import type { RayLimits } from './types.js';

/** Throws unless 0 <= near < far and both are finite. */
export const checkLimits = ({ near, far }: RayLimits): void => {
  if (!(near >= 0 && far > near && Number.isFinite(far)))
    throw new RangeError(`ray limits: found near ${near}, far ${far}, expected 0 <= near < far`);
};
