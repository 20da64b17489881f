import { augment, type Frame } from '@nerfseg/datasets';
import {
  type CylindricalGrid,
  type DataError,
  dataError,
  type PointCloud,
  type Random,
  type VoxelizedScan,
  voxelize,
  voxelLabels,
} from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import * as O from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** A frame's points, as training and evaluation take them. */
export interface PreparedScan {
  readonly frame: Frame;
  /** After augmentation, if any. */
  readonly points: PointCloud;
  /** [N*3] metres, before augmentation: what the cameras saw. */
  readonly positionsBefore: Float32Array;
  /** [N], all 0 when the labels were not asked for. */
  readonly pointLabels: Uint8Array;
  readonly scan: VoxelizedScan;
  /** [V] */
  readonly labels: Uint8Array;
  /** 4x4 affine, column-major: what augmentation did to the LiDAR frame (identity without it). */
  readonly augmentedFromLidar: Float64Array;
}

export interface PrepareOptions {
  readonly grid: CylindricalGrid;
  readonly numClasses: number;
  /** Read the labels: a frame that has none is then an error. */
  readonly labelled: boolean;
  /**
   * Whether unlabelled points vote on a voxel's label. Default true, the evaluation convention; training passes false,
   * since 0 means "not asked" where annotation is sparse (scribbles).
   */
  readonly ignoreVotes?: boolean;
  /** Augment with this generator. */
  readonly augmentation?: Random;
}

const identity = (): Float64Array => Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1);

/** Reads, augments and voxelizes one frame. Fails where the files, the points or the labels are bad. */
export const prepareScan =
  (
    frame: Frame,
    { grid, numClasses, labelled, ignoreVotes = true, augmentation }: PrepareOptions,
  ): TaskEither<DataError, PreparedScan> =>
  async () => {
    const points = await frame.points()();
    if (E.isLeft(points)) return points;
    const count = points.right.intensity.length;
    let pointLabels: Uint8Array = new Uint8Array(count);
    if (labelled) {
      const labels = await frame.labels()();
      if (E.isLeft(labels)) return labels;
      if (O.isNone(labels.right))
        return E.left(
          dataError('not-found', frame.id, 'labels', 'none', 'labels for a frame of the labelled split'),
        );
      pointLabels = labels.right.value;
      if (pointLabels.length !== count)
        return E.left(
          dataError(
            'mismatch',
            frame.id,
            'labels',
            `${pointLabels.length} labels`,
            `${count}, one per point`,
          ),
        );
    }
    const moved = augmentation
      ? augment(points.right, pointLabels, augmentation)
      : { points: points.right, labels: pointLabels, augmentedFromLidar: identity() };
    const voxelized = voxelize(moved.points, grid);
    if (E.isLeft(voxelized))
      return E.left({ ...voxelized.left, source: `${frame.id} (${voxelized.left.source})` });
    return E.right({
      frame,
      points: moved.points,
      positionsBefore: points.right.positions,
      pointLabels: moved.labels,
      scan: voxelized.right,
      labels: labelled
        ? voxelLabels(voxelized.right, moved.labels, numClasses, { ignoreVotes })
        : new Uint8Array(voxelized.right.coords.length / 3),
      augmentedFromLidar: moved.augmentedFromLidar,
    });
  };
