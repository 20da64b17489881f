import { join } from 'node:path';
import { cameraFromLidarChain, composePoses, invertPose, type Pose } from '@nerfseg/geometry';
import { none, some } from 'fp-ts/lib/Option.js';
import { guard } from '../files/guard.js';
import { nuscenesPoints, readPointRecords } from '../files/read-point-records.js';
import { loadImage } from '../images/read-image.js';
import type { RawLabelMap } from '../labels/raw-label-map.js';
import type { CameraView, Frame } from '../types.js';
import type { Capture } from './captures.js';
import type { EgoPoses } from './ego-poses.js';
import { readLidarseg } from './read-lidarseg.js';

/** A sweep and its pictures. */
export interface FrameCaptures {
  readonly scene: string;
  readonly lidar: Capture;
  readonly cameras: readonly Capture[];
}

export const nuscenesFrame = (
  root: string,
  { scene, lidar, cameras }: FrameCaptures,
  poses: EgoPoses,
  labelMap: RawLabelMap,
  labelFile: string | undefined,
): Frame => {
  const egoFromLidar = lidar.calibration.egoFromSensor;
  const globalFromEgo = (): Pose => poses.pose(lidar.egoPose);
  let views: readonly CameraView[] | undefined;
  const path = join(root, lidar.filename);
  return {
    id: lidar.keyframe ? lidar.sample : lidar.token,
    sequence: scene,
    timestamp: lidar.timestamp,
    lidarToken: lidar.token,
    points: () => guard(() => readPointRecords(path, nuscenesPoints)),
    labels: () =>
      guard(async () =>
        labelFile === undefined ? none : some(await readLidarseg(join(root, labelFile), path, labelMap)),
      ),
    // Made when asked for: much of what walks a data set wants no more than the ids.
    get cameras() {
      return (views ??= cameras.map((camera) => view(root, camera, globalFromEgo(), egoFromLidar, poses)));
    },
    get globalFromLidar() {
      return composePoses(globalFromEgo(), egoFromLidar);
    },
  };
};

const view = (
  root: string,
  camera: Capture,
  globalFromEgoAtLidar: Pose,
  egoFromLidar: Pose,
  poses: EgoPoses,
): CameraView => {
  const { calibration, width, height, timestamp } = camera;
  const egoFromCamera = calibration.egoFromSensor;
  const imagePath = join(root, camera.filename);
  return {
    name: calibration.channel,
    imagePath,
    image: () => guard(() => loadImage(imagePath, { width, height })),
    width,
    height,
    intrinsics: calibration.intrinsics,
    timestamp,
    cameraFromLidar: cameraFromLidarChain({
      egoFromCamera,
      globalFromEgoAtCamera: poses.pose(camera.egoPose),
      globalFromEgoAtLidar,
      egoFromLidar,
    }),
    cameraFromLidarMount: composePoses(invertPose(egoFromCamera), egoFromLidar),
  };
};
