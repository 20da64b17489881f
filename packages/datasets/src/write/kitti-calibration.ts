import {
  composePoses,
  type DataError,
  dataError,
  invertPose,
  type Pose,
  poseFromRows34,
  rows34Of,
} from '@nerfseg/geometry';
import { raise, unwrap } from '../files/guard.js';
import type { CameraRecord } from '../record.js';

/** Pictures do not matter here. */
type Camera = Omit<CameraRecord, 'image'>;

/** How a rig looks in KITTI's terms. */
export interface KittiRig {
  readonly egoFromCamera0: Pose;
  /** The text of calib.txt. */
  readonly text: string;
}

/** Camera axes (x right, y down, z forward) in a scanner's (x forward, y left, z up), for a rig without cameras. */
const facingForward = [0, 0, 1, 0, -1, 0, 0, 0, 0, -1, 0, 0];

/**
 * Camera 0 is put where the first camera is; the others may stand beside it but must look the same way, since
 * calib.txt has only a translation for them. Raises `mismatch` for one that does not.
 */
export const kittiRig = (sequence: string, egoFromLidar: Pose, cameras: readonly Camera[]): KittiRig => {
  const [first] = cameras;
  const egoFromCamera0 = first
    ? first.egoFromCamera
    : composePoses(egoFromLidar, unwrap(poseFromRows34(facingForward, sequence)));
  const unit = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const projections = ['image_0', 'image_1', 'image_2', 'image_3'].map((name) => {
    const camera = cameras.find((c) => c.name === name);
    return camera
      ? projection(sequence, camera, egoFromCamera0)
      : projectionRows(first?.intrinsics ?? unit, [0, 0, 0]);
  });
  const camera0FromLidar = composePoses(invertPose(egoFromCamera0), egoFromLidar);
  const lines = projections.map((rows, i) => `P${i}: ${rows.join(' ')}`);
  return {
    egoFromCamera0,
    text: `${[...lines, `Tr: ${rows34Of(camera0FromLidar).join(' ')}`].join('\n')}\n`,
  };
};

const projection = (sequence: string, camera: Camera, egoFromCamera0: Pose): number[] => {
  const fromCamera0 = composePoses(invertPose(camera.egoFromCamera), egoFromCamera0);
  const turned = [0, 1, 2, 4, 5, 6, 8, 9, 10].some(
    (e) => Math.abs(fromCamera0[e] - (e % 5 === 0 ? 1 : 0)) > 1e-9,
  );
  if (turned) raise(notParallel(sequence, camera.name));
  return projectionRows(camera.intrinsics, [fromCamera0[12], fromCamera0[13], fromCamera0[14]]);
};

const notParallel = (sequence: string, name: string): DataError =>
  dataError(
    'mismatch',
    `sequence ${sequence}`,
    `${name}, egoFromCamera`,
    'a camera turned against the first one',
    'parallel cameras: KITTI is rectified, calib.txt holds offsets only',
  );

/** P = K [I | t], row-major. */
const projectionRows = (k: Float64Array, t: readonly [number, number, number]): number[] =>
  [0, 3, 6].flatMap((r) => [k[r], k[r + 1], k[r + 2], k[r] * t[0] + k[r + 1] * t[1] + k[r + 2] * t[2]]);
