import type {
  ArrayAllocator,
  DataError,
  Image,
  LabelSpace,
  PinholeCamera,
  PointCloud,
  Pose,
} from '@nerfseg/geometry';
import type { Option } from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** One camera's picture of a frame: a camera as `projectPoints` and `castRays` take it, `distortion` where it has one. */
export interface CameraView extends PinholeCamera {
  /** The channel: CAM_FRONT, image_2, ... */
  readonly name: string;
  readonly imagePath: string;
  /** Decodes the file; fails when it is missing, damaged or of another size than the calibration says. */
  readonly image: () => TaskEither<DataError, Image>;
  /** Integer microseconds: when the shutter fired. */
  readonly timestamp: number;
  /** Camera frame at the shutter's time from LiDAR frame at the LiDAR's time: ego-motion included. Project with this. */
  readonly cameraFromLidar: Pose;
  /** The mounting alone, as if both had fired at once. */
  readonly cameraFromLidarMount: Pose;
}

/** A sweep's points and where they were taken. Every `Frame` is one. */
export interface Sweep {
  /** Integer microseconds. */
  readonly timestamp: number;
  readonly points: () => TaskEither<DataError, PointCloud>;
  readonly globalFromLidar: Pose;
}

/** One labelled or unlabelled sweep with its pictures. Nothing is read from disk before it is asked for. */
export interface Frame {
  /** Unique in its data set: a sample token, or `sequence/number`. */
  readonly id: string;
  /** Scene or sequence. */
  readonly sequence: string;
  /** Integer microseconds. */
  readonly timestamp: number;
  /** nuScenes: the sweep's sample_data token, which names its prediction file. */
  readonly lidarToken?: string;
  /** @param arrays where the arrays of the result may come from. Default: new ones. */
  readonly points: (arrays?: ArrayAllocator) => TaskEither<DataError, PointCloud>;
  /**
   * [N] class ids of the data set's label space; none where the format has no labels for this frame.
   *
   * @param arrays where the array of the result may come from. Default: a new one.
   */
  readonly labels: (arrays?: ArrayAllocator) => TaskEither<DataError, Option<Uint8Array>>;
  /**
   * [N] which object each point belongs to, 0 for none; none where the format has no labels for this frame, no such
   * function where the format has no instances. SemanticKITTI: the upper 16 bits of its labels, the same for an
   * object all along its sequence, and unique within a class only. nuScenes: the panoptic label (raw category * 1000 +
   * number), the same for an object all along its scene.
   */
  readonly instances?: () => TaskEither<DataError, Option<Uint16Array>>;
  /** This sweep and those before it in its drive, newest first, at most `count` (this one always); nuScenes only. See `accumulateSweeps`. */
  readonly pastSweeps?: (count: number) => readonly Sweep[];
  readonly cameras: readonly CameraView[];
  readonly globalFromLidar: Pose;
}

/** What training and evaluation see of any data set. */
export interface FrameDataset {
  readonly name: string;
  readonly labelSpace: LabelSpace;
  readonly length: number;
  /** 0 <= i < length, or it throws a RangeError: a programmer's mistake, not bad input. */
  readonly frame: (i: number) => Frame;
}
