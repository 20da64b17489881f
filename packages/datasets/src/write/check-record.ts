import type { CameraRecord, FrameRecord, WrittenFrame } from '../record.js';

const check = (holds: boolean, what: string): void => {
  if (!holds) throw new RangeError(`frame record: ${what}`);
};

/** What would be written but could not be read again is a programmer's mistake, and told before anything is written. */
export const checkFrame = (frame: FrameRecord | WrittenFrame, numClasses: number): void => {
  check(Number.isSafeInteger(frame.timestamp), `timestamp ${frame.timestamp} is no whole number`);
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
    image.shape[0] === height && image.shape[1] === width,
    `${name} has an image of shape [${image.shape.join(', ')}], not [${height}, ${width}, 3]`,
  );

const checkCamera = ({ name, intrinsics, timestamp }: Omit<CameraRecord, 'image'>): void => {
  check(intrinsics.length === 9, `${name} has ${intrinsics.length} intrinsics, not 9`);
  check(Number.isSafeInteger(timestamp), `${name} has timestamp ${timestamp}, no whole number`);
};
