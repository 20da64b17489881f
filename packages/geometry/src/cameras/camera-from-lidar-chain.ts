import { composePoses } from '../poses/compose-poses.js';
import { invertPose } from '../poses/invert-pose.js';
import type { Pose } from '../types.js';

export interface CameraFromLidarChain {
  /** Extrinsics of the camera. */
  readonly egoFromCamera: Pose;
  /** Ego pose when the camera's shutter opened. */
  readonly globalFromEgoAtCamera: Pose;
  /** Ego pose at the sweep's timestamp. */
  readonly globalFromEgoAtLidar: Pose;
  /** Extrinsics of the LiDAR. */
  readonly egoFromLidar: Pose;
}

/**
 * `cameraFromLidar` between two capture times: LiDAR to ego, to the world at the LiDAR's time, back to the ego at the
 * camera's time, to the camera (nuScenes devkit, `map_pointcloud_to_image`):
 * inv(egoFromCamera) . inv(globalFromEgoAtCamera) . globalFromEgoAtLidar . egoFromLidar.
 * What stands still lands where the camera saw it; what moves does not.
 */
export const cameraFromLidarChain = (chain: CameraFromLidarChain): Pose =>
  composePoses(
    invertPose(chain.egoFromCamera),
    // Global coordinates cancel here first, before they can cost the small numbers their digits.
    composePoses(invertPose(chain.globalFromEgoAtCamera), chain.globalFromEgoAtLidar),
    chain.egoFromLidar,
  );
