import { type Pose, poseFromQuaternion } from '@nerfseg/geometry';
import { unwrap } from '../files/guard.js';
import type { Calibration } from './calibrations.js';
import { tokenOfWords } from './index/aliases.js';
import { type CapturePart, noFile } from './index/layout.js';
import { nameOf } from './index/name-pattern.js';

/** The readings of one drive, as far as they were opened. */
export interface SceneCaptures {
  readonly name: string;
  /** What all readings of the data set share. */
  readonly shared: {
    readonly folder: string;
    readonly calibration: (number: number) => Calibration;
    readonly aliases: Readonly<Record<string, string>>;
  };
  readonly keyframes: CapturePart;
  readonly lidarSweeps: CapturePart;
  readonly cameraSweeps: CapturePart | undefined;
}

/** One reading: a row of a part. */
export interface CaptureRef {
  readonly part: CapturePart;
  readonly row: number;
}

/** A reading in full. */
export interface Capture {
  readonly timestamp: number;
  readonly filename: string;
  readonly width: number;
  readonly height: number;
  readonly calibration: Calibration;
  readonly globalFromEgo: () => Pose;
}

export const captureOf = ({ shared }: SceneCaptures, { part, row }: CaptureRef): Capture => {
  const timestamp = part.timestamps[row];
  return {
    timestamp,
    filename: nameOf(part.names[part.files[row]], timestamp, ''),
    width: part.widths[row],
    height: part.heights[row],
    calibration: shared.calibration(part.calibrations[row]),
    globalFromEgo: () =>
      unwrap(
        poseFromQuaternion(
          part.poses.subarray(row * 7, row * 7 + 3),
          part.poses.subarray(row * 7 + 3, row * 7 + 7),
          `${shared.folder}/ego_pose.json`,
        ),
      ),
  };
};

export const tokenOf = ({ shared }: SceneCaptures, { part, row }: CaptureRef): string =>
  tokenOfWords(shared.aliases, part.tokens, row * 4);

export const sampleTokenOf = ({ shared }: SceneCaptures, { part, row }: CaptureRef): string =>
  tokenOfWords(shared.aliases, part.sampleTokens, row * 4);

/** A sweep's label file, if it has one. */
export const labelFileOf = (
  scene: SceneCaptures,
  ref: CaptureRef,
  table: 'lidarseg' | 'panoptic',
): string | undefined => {
  const file = ref.part[table][ref.row];
  return file === noFile ? undefined : nameOf(ref.part.names[file], 0, tokenOf(scene, ref));
};

/** The first row of a channel that is not before `timestamp`; the channel's end when there is none. */
export const firstNotBefore = (part: CapturePart, channel: number, timestamp: number): number => {
  let low = part.channelStart[channel];
  let high = part.channelStart[channel + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (part.timestamps[middle] < timestamp) low = middle + 1;
    else high = middle;
  }
  return low;
};
