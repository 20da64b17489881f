import { join } from 'node:path';
import { composePoses, identityPose, invertPose } from '@nerfseg/geometry';
import { none, some } from 'fp-ts/lib/Option.js';
import { guard } from '../files/guard.js';
import { kittiPoints, readPointRecords } from '../files/read-point-records.js';
import { loadImage } from '../images/read-image.js';
import { mapRawWords } from '../labels/raw-label-map.js';
import type { CameraView, Frame } from '../types.js';
import { instancesOfWords, withLabelWords } from './read-label-file.js';
import type { KittiPictures, KittiSequence } from './sequence.js';

/** Scan `i` of a sequence. */
export const kittiFrame = (sequence: KittiSequence, i: number): Frame => {
  const scan = sequence.scans[i];
  const path = join(sequence.folder, 'velodyne', `${scan}.bin`);
  const labels = join(sequence.folder, sequence.labelsFolder, `${scan}.label`);
  const { rawLabels, poses } = sequence;
  const { camera0FromLidar } = sequence.calibration;
  const isLabelled = sequence.labelled.has(scan);
  return {
    id: `${sequence.name}/${scan}`,
    sequence: sequence.name,
    timestamp: sequence.timestamps[i],
    points: (arrays) => guard(() => readPointRecords(path, kittiPoints, arrays)),
    labels: (arrays) =>
      guard(async () =>
        isLabelled
          ? some(await withLabelWords(labels, path, (words) => mapRawWords(words, rawLabels, labels, arrays)))
          : none,
      ),
    instances: () =>
      guard(async () => (isLabelled ? some(await withLabelWords(labels, path, instancesOfWords)) : none)),
    cameras: sequence.cameras.flatMap((pictures) => view(sequence, i, pictures)),
    globalFromLidar: poses
      ? composePoses(invertPose(camera0FromLidar), poses.slice(i * 16, i * 16 + 16), camera0FromLidar)
      : identityPose(),
  };
};

const view = (sequence: KittiSequence, i: number, pictures: KittiPictures): readonly CameraView[] => {
  const { calibration, folder } = sequence;
  const { name, width, height } = pictures;
  const scan = sequence.scans[i];
  const extension = pictures.extensionOf.get(scan);
  if (extension === undefined) return [];
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
