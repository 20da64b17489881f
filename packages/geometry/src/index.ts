export type { DataError, DataErrorCode } from './errors.js';
export { dataError, formatError } from './errors.js';
export { image } from './images/image.js';
export { composePoses } from './poses/compose-poses.js';
export { identityPose } from './poses/identity-pose.js';
export { invertPose } from './poses/invert-pose.js';
export { isRigid } from './poses/is-rigid.js';
export { poseFromEuler } from './poses/pose-from-euler.js';
export { poseFromQuaternion } from './poses/pose-from-quaternion.js';
export { poseFromRows34 } from './poses/pose-from-rows34.js';
export { quaternionOf } from './poses/quaternion-of.js';
export type { RotationDeviation } from './poses/rotation-deviation.js';
export { rotationDeviation } from './poses/rotation-deviation.js';
export { rows34Of } from './poses/rows34-of.js';
export { transformDirections } from './poses/transform-directions.js';
export { transformPoints } from './poses/transform-points.js';
export { translationOf } from './poses/translation-of.js';
export { yawOf } from './poses/yaw-of.js';
export { createRandom } from './random/create-random.js';
export { restoreRandom } from './random/restore-random.js';
export type {
  CellInterval,
  CylindricalGrid,
  FusedSegment,
  Image,
  LabelSpace,
  PinholeCamera,
  PixelSemantics,
  PointCloud,
  Pose,
  PoseTrack,
  PseudoLabels,
  Random,
  RayBundle,
  RunLengths,
  SegmentMasks,
  VoxelizedScan,
} from './types.js';
