import type { Pose } from '../types.js';

/** The pose that moves nothing. */
export const identityPose = (): Pose => Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);
