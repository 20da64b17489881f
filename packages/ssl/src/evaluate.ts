import { type Network, segmentScan } from '@nerfseg/backbone';
import {
  addToConfusion,
  emptyConfusion,
  type FrameDataset,
  prepareScan,
  type Scores,
  scoresOf,
} from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, dataError, devoxelize } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

export interface EvaluateOptions {
  readonly grid: CylindricalGrid;
  /** Called after each frame. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Called with each frame's predictions: for submissions and pictures. */
  readonly onPrediction?: (index: number, pointClasses: Uint8Array) => TaskEither<DataError, void>;
  readonly signal?: AbortSignal;
}

/** The two conventions in use: benchmarks score points; LaserMix and IT2 report voxels. */
export interface Evaluation {
  readonly point: Scores;
  readonly voxel: Scores;
}

/**
 * Labels frames with the LiDAR network alone and scores them against their labels, over all frames at once.
 *
 * @param indices frames of the data set; each must have labels
 */
export const evaluate =
  (
    network: Network,
    dataset: FrameDataset,
    indices: readonly number[],
    { grid, onProgress, onPrediction, signal }: EvaluateOptions,
  ): TaskEither<DataError, Evaluation> =>
  async () => {
    const { numClasses } = network.config;
    const points = emptyConfusion(numClasses);
    const voxels = emptyConfusion(numClasses);
    for (const [done, index] of indices.entries()) {
      if (signal?.aborted)
        return E.left(
          dataError(
            'interrupted',
            dataset.name,
            'evaluation',
            `${done} frames done`,
            `${indices.length} frames`,
          ),
        );
      const prepared = await prepareScan(dataset.frame(index), { grid, numClasses, labelled: true })();
      if (E.isLeft(prepared)) return prepared;
      const { scan, labels, pointLabels } = prepared.right;
      const classOfVoxel = await segmentScan(network, scan);
      const classOfPoint = devoxelize(scan, classOfVoxel);
      addToConfusion(voxels, labels, classOfVoxel);
      addToConfusion(points, pointLabels, classOfPoint);
      if (onPrediction) {
        const written = await onPrediction(index, classOfPoint)();
        if (E.isLeft(written)) return written;
      }
      onProgress?.(done + 1, indices.length);
    }
    return E.right({ point: scoresOf(points), voxel: scoresOf(voxels) });
  };
