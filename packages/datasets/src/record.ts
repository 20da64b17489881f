import type { Image, PointCloud, Pose } from '@nerfseg/geometry';

/** One picture to be written, with where the car was when the shutter fired. */
export interface CameraRecord {
  /** The channel: CAM_FRONT, ... (nuScenes); image_2, image_3 (KITTI). */
  readonly name: string;
  /** Integer microseconds. */
  readonly timestamp: number;
  readonly image: Image;
  /** [9] row-major K, pixels. */
  readonly intrinsics: Float64Array;
  readonly width: number;
  readonly height: number;
  readonly egoFromCamera: Pose;
  /** The ego pose at the shutter's time. KITTI has no place for it: there it is not written. */
  readonly globalFromEgoAtCamera: Pose;
}

/** One sweep to be written. */
export interface FrameRecord {
  /** Integer microseconds: the sweep's reference time. */
  readonly timestamp: number;
  readonly points: PointCloud;
  /** [N] class ids of the format's label space (0 = ignore); absent: the frame is written without labels. */
  readonly labels?: Uint8Array;
  /** [N] which object each point belongs to, 0 for none; the same all along a scene. Written with `labels` only; KITTI has room for 65,535, nuScenes for 999 of a category in a scene. */
  readonly instances?: ArrayLike<number>;
  /** The ego pose at the sweep's reference time. */
  readonly globalFromEgo: Pose;
  readonly cameras: readonly CameraRecord[];
}

/**
 * A frame whose files an earlier, interrupted run has written whole: the writers enter it in tables, poses and times and touch
 * none of its files.
 */
export interface WrittenFrame extends Omit<FrameRecord, 'points' | 'labels' | 'instances' | 'cameras'> {
  readonly written: true;
  /** Whether it was written with labels. */
  readonly labelled: boolean;
  /** What `objectsOf` says of the frame that was written; absent: it was written without instances. nuScenes numbers the objects of later frames by it. */
  readonly objects?: readonly RecordedObject[];
  readonly cameras: readonly Omit<CameraRecord, 'image'>[];
}

/** An object that points of a frame belong to. */
export interface RecordedObject {
  /** Class id of the format's label space. */
  readonly label: number;
  readonly instance: number;
}

/** One drive to be written. Frames are taken one at a time, so that a generator need never hold two. */
export interface SceneRecord {
  /** nuScenes: `scene-0001`; KITTI: the sequence, `00`. */
  readonly name: string;
  readonly description?: string;
  readonly egoFromLidar: Pose;
  readonly frames: Iterable<FrameRecord | WrittenFrame> | AsyncIterable<FrameRecord | WrittenFrame>;
}
