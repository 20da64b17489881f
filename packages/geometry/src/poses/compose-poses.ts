import { mat4 } from 'gl-matrix';
import type { Pose } from '../types.js';
import { identityPose } from './identity-pose.js';

/**
 * The product of poses, read as written: `composePoses(globalFromEgo, egoFromLidar)` is `globalFromLidar`.
 * No poses give the identity.
 */
export const composePoses = (...poses: readonly Pose[]): Pose => {
  const product = identityPose();
  for (const pose of poses) mat4.multiply(product, product, pose);
  return product;
};
