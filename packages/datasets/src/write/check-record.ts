import { formatError, isRigid, type Pose, pinholeCamera } from '@nerfseg/geometry';
import type { CameraRecord, FrameRecord, WrittenFrame } from '../record.js';

const check = (holds: boolean, what: string): void => {
  if (!holds) throw new RangeError(`frame record: ${what}`);
};

/** @throws RangeError for what is no rigid transform: its files would hold another pose, or none. */
export const checkPose = (pose: Pose, name: string): void =>
  check(isRigid(pose), `${name} is no rigid transform: [${Array.from(pose).join(', ')}]`);

/** What would be written but could not be read again is a programmer's mistake, and told before anything is written. */
export const checkFrame = (frame: FrameRecord | WrittenFrame, numClasses: number): void => {
  check(Number.isSafeInteger(frame.timestamp), `timestamp ${frame.timestamp} is no whole number`);
  checkPose(frame.globalFromEgo, 'globalFromEgo');
  frame.cameras.forEach(checkCamera);
  if ('written' in frame) return;
  const { positions, intensity, ring } = frame.points;
  const count = intensity.length;
  check(count > 0, 'no point');
  check(positions.length === count * 3, `${positions.length} coordinates for ${count} points`);
  check(positions.every(Number.isFinite) && intensity.every(Number.isFinite), 'a number that is not finite');
  check(!ring || ring.length === count, `${ring?.length} rings for ${count} points`);
  const { labels } = frame;
  if (labels) {
    check(labels.length === count, `${labels.length} labels for ${count} points`);
    check(
      labels.every((label) => label < numClasses),
      `a label beyond the ${numClasses} classes`,
    );
  }
  const { instances } = frame;
  if (instances)
    check(
      labels !== undefined && instances.length === count,
      `${instances.length} instances for ${count} points${labels ? '' : ' without labels'}`,
    );
  frame.cameras.forEach(checkPicture);
};

const checkPicture = ({ name, image, width, height }: CameraRecord): void =>
  check(
    image.shape[0] === height && image.shape[1] === width && image.shape[2] === 3,
    `${name} has an image of shape [${image.shape.join(', ')}], not [${height}, ${width}, 3]`,
  );

const checkCamera = (camera: Omit<CameraRecord, 'image'>): void => {
  const { name, width, height, intrinsics, timestamp } = camera;
  const pinhole = pinholeCamera(width, height, intrinsics, name);
  check(pinhole._tag === 'Right', pinhole._tag === 'Left' ? formatError(pinhole.left) : '');
  check(Number.isSafeInteger(timestamp), `${name} has timestamp ${timestamp}, no whole number`);
  checkPose(camera.egoFromCamera, `${name}'s egoFromCamera`);
  checkPose(camera.globalFromEgoAtCamera, `${name}'s globalFromEgoAtCamera`);
};
