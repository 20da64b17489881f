export type { ArrayAllocator } from './arrays.js';
export { freshArrays } from './arrays.js';
export type { CameraFromLidarChain } from './cameras/camera-from-lidar-chain.js';
export { cameraFromLidarChain } from './cameras/camera-from-lidar-chain.js';
export { cropCamera } from './cameras/crop-camera.js';
export { directionOfImage } from './cameras/direction-of-image.js';
export { imageOfDirection } from './cameras/image-of-direction.js';
export { lensDistortion } from './cameras/lens-distortion.js';
export { pinholeCamera } from './cameras/pinhole-camera.js';
export { pixelRay } from './cameras/pixel-ray.js';
export type { ProjectedPoints, ProjectPointsOptions } from './cameras/project-points.js';
export { projectPoints } from './cameras/project-points.js';
export { resizeCamera } from './cameras/resize-camera.js';
export type { SplitProjection } from './cameras/split-projection.js';
export { splitProjection } from './cameras/split-projection.js';
export type { ZBufferOptions } from './cameras/z-buffer-visibility.js';
export { zBufferVisibility } from './cameras/z-buffer-visibility.js';
export type { DataError, DataErrorCode } from './errors.js';
export { dataError, formatError } from './errors.js';
export { cartesianToCylindrical } from './grids/cartesian-to-cylindrical.js';
export { cellCentre } from './grids/cell-centre.js';
export type { OutsideGrid } from './grids/cell-of.js';
export { cellOf } from './grids/cell-of.js';
export type { GridCells } from './grids/cells-of.js';
export { cellsOf } from './grids/cells-of.js';
export type { GridPreset } from './grids/cylindrical-grid.js';
export { cylindricalGrid } from './grids/cylindrical-grid.js';
export { cylindricalToCartesian } from './grids/cylindrical-to-cartesian.js';
export { devoxelize } from './grids/devoxelize.js';
export type { PointsByVoxel } from './grids/points-by-voxel.js';
export { pointsByVoxel } from './grids/points-by-voxel.js';
export type { VoxelLabelsOptions } from './grids/voxel-labels.js';
export { voxelLabels } from './grids/voxel-labels.js';
export type { VoxelizeOptions } from './grids/voxelize.js';
export { voxelize } from './grids/voxelize.js';
export { cropImage } from './images/crop-image.js';
export { image } from './images/image.js';
export type { Rectangle } from './images/rectangle.js';
export { resizeImage } from './images/resize-image.js';
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
export type { CompensateMotionOptions } from './tracks/compensate-motion.js';
export { compensateMotion } from './tracks/compensate-motion.js';
export type { InterpolatePoseOptions } from './tracks/interpolate-pose.js';
export { interpolatePose } from './tracks/interpolate-pose.js';
export { poseTrack } from './tracks/pose-track.js';
export type {
  CellInterval,
  CylindricalGrid,
  FusedSegment,
  Image,
  LabelSpace,
  LensDistortion,
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
