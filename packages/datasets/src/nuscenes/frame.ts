import { join } from 'node:path';
import { cameraFromLidarChain, composePoses, invertPose, type Pose } from '@nerfseg/geometry';
import { none, some } from 'fp-ts/lib/Option.js';
import { guard } from '../files/guard.js';
import { nuscenesPoints, readPointRecords } from '../files/read-point-records.js';
import { loadImage } from '../images/read-image.js';
import type { RawLabelMap } from '../labels/raw-label-map.js';
import type { CameraView, Frame, Sweep } from '../types.js';
import { pairCameras } from './pair-cameras.js';
import { pastSweeps } from './past-sweeps.js';
import { readLidarseg } from './read-lidarseg.js';
import { instancesOfPanoptic, labelsOfPanoptic, readPanoptic } from './read-panoptic.js';
import {
  type CaptureRef,
  captureOf,
  labelFileOf,
  type SceneCaptures,
  sampleTokenOf,
  tokenOf,
} from './scene-captures.js';

const nuscenesSweep = (root: string, scene: SceneCaptures, ref: CaptureRef): Sweep => {
  const { filename, timestamp, calibration, globalFromEgo } = captureOf(scene, ref);
  const path = join(root, filename);
  return {
    timestamp,
    points: () => guard(() => readPointRecords(path, nuscenesPoints)),
    get globalFromLidar() {
      return composePoses(globalFromEgo(), calibration.egoFromSensor);
    },
  };
};

/** A sweep with its labels and pictures. */
export const nuscenesFrame = (
  root: string,
  scene: SceneCaptures,
  ref: CaptureRef,
  labelMap: RawLabelMap,
): Frame => {
  const { filename, timestamp, calibration, globalFromEgo } = captureOf(scene, ref);
  const egoFromLidar = calibration.egoFromSensor;
  const path = join(root, filename);
  const lidarseg = labelFileOf(scene, ref, 'lidarseg');
  const panoptic = labelFileOf(scene, ref, 'panoptic');
  const lidarToken = tokenOf(scene, ref);
  let views: readonly CameraView[] | undefined;
  return {
    id: ref.part === scene.keyframes ? sampleTokenOf(scene, ref) : lidarToken,
    sequence: scene.name,
    timestamp,
    lidarToken,
    points: (arrays) => guard(() => readPointRecords(path, nuscenesPoints, arrays)),
    labels: (arrays) =>
      guard(async () => {
        if (lidarseg !== undefined)
          return some(await readLidarseg(join(root, lidarseg), path, labelMap, arrays));
        if (panoptic === undefined) return none;
        const file = join(root, panoptic);
        return some(labelsOfPanoptic(await readPanoptic(file, path), labelMap, file));
      }),
    instances: () =>
      guard(async () =>
        panoptic === undefined
          ? none
          : some(instancesOfPanoptic(await readPanoptic(join(root, panoptic), path))),
      ),
    pastSweeps: (count) => pastSweeps(scene, ref, count).map((past) => nuscenesSweep(root, scene, past)),
    // Made when asked for: much of what walks a data set wants no more than the ids.
    get cameras() {
      return (views ??= pairCameras(scene, ref).map((camera) =>
        view(root, scene, camera, globalFromEgo(), egoFromLidar),
      ));
    },
    get globalFromLidar() {
      return composePoses(globalFromEgo(), egoFromLidar);
    },
  };
};

const view = (
  root: string,
  scene: SceneCaptures,
  ref: CaptureRef,
  globalFromEgoAtLidar: Pose,
  egoFromLidar: Pose,
): CameraView => {
  const { calibration, filename, width, height, timestamp, globalFromEgo } = captureOf(scene, ref);
  const egoFromCamera = calibration.egoFromSensor;
  const imagePath = join(root, filename);
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
      globalFromEgoAtCamera: globalFromEgo(),
      globalFromEgoAtLidar,
      egoFromLidar,
    }),
    cameraFromLidarMount: composePoses(invertPose(egoFromCamera), egoFromLidar),
  };
};
