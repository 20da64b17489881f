import { join } from 'node:path';
import { composePoses, identityPose, invertPose } from '@nerfseg/geometry';
import { none, some } from 'fp-ts/lib/Option.js';
import { guard } from '../files/guard.js';
import { kittiPoints, readPointRecords } from '../files/read-point-records.js';
import { loadImage } from '../images/read-image.js';
import type { CameraView, Frame } from '../types.js';
import { readLabelFile } from './read-label-file.js';
import type { KittiSequence } from './sequence.js';

/** Scan `i` of a sequence. */
export const kittiFrame = (sequence: KittiSequence, i: number): Frame => {
  const scan = sequence.scans[i];
  const path = join(sequence.folder, 'velodyne', `${scan}.bin`);
  const labels = join(sequence.folder, sequence.labelsFolder, `${scan}.label`);
  const { camera0FromLidar } = sequence.calibration;
  const pose = sequence.poses?.[i];
  return {
    id: `${sequence.name}/${scan}`,
    sequence: sequence.name,
    timestamp: sequence.timestamps[i],
    points: () => guard(() => readPointRecords(path, kittiPoints)),
    labels: () =>
      guard(async () => (sequence.labelled.has(scan) ? some(await readLabelFile(labels, path)) : none)),
    cameras: view(sequence, i),
    globalFromLidar: pose
      ? composePoses(invertPose(camera0FromLidar), pose, camera0FromLidar)
      : identityPose(),
  };
};

const view = (sequence: KittiSequence, i: number): readonly CameraView[] => {
  const { camera, calibration, folder } = sequence;
  const scan = sequence.scans[i];
  const extension = camera?.extensionOf.get(scan);
  if (!camera || extension === undefined) return [];
  const { name, width, height } = camera;
  const { intrinsics, cameraFromReference } = calibration.projections[name === 'image_2' ? 2 : 3];
  const imagePath = join(folder, name, scan + extension);
  const cameraFromLidar = composePoses(cameraFromReference, calibration.camera0FromLidar);
  return [
    {
      name,
      imagePath,
      image: () => guard(() => loadImage(imagePath, { width, height })),
      width,
      height,
      intrinsics,
      timestamp: sequence.timestamps[i],
      // The scanner triggers the camera as it sweeps past the camera's view: no ego-motion in between.
      cameraFromLidar,
      cameraFromLidarMount: cameraFromLidar,
    },
  ];
};
