import type { Network, PredictOptions } from '@nerfseg/backbone';
import {
  addToConfusion,
  addToConfusionByDistance,
  emptyConfusion,
  emptyConfusionByDistance,
  type FrameDataset,
  type OfficialScores,
  prepareScan,
  type Scores,
  scoresByDistance,
  scoresOf,
} from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, dataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { predictPoints } from './predict-points.js';

export interface EvaluateOptions extends PredictOptions {
  readonly grid: CylindricalGrid;
  /** Test-time augmentation: how many turned and mirrored views are averaged. Default 1: the scan as it is. */
  readonly views?: number;
  /** Metres, ascending from 0: where ranges of distance begin. Default: every 10 m to 50 m. */
  readonly distances?: readonly number[];
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
  /** Of points, with the benchmark's own mean, overall and by distance. */
  readonly official: OfficialScores;
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
    { grid, views = 1, distances, onProgress, onPrediction, signal, precision }: EvaluateOptions,
  ): TaskEither<DataError, Evaluation> =>
  async () => {
    const { numClasses } = network.config;
    const byDistance = emptyConfusionByDistance(numClasses, distances);
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
      const { points, scan, labels, pointLabels, frame } = prepared.right;
      const found = await predictPoints(network, points, scan, grid, {
        views,
        source: frame.id,
        ...(precision ? { precision } : {}),
      })();
      if (E.isLeft(found)) return found;
      addToConfusion(voxels, labels, found.right.voxels);
      addToConfusionByDistance(byDistance, points.positions, pointLabels, found.right.points);
      if (onPrediction) {
        const written = await onPrediction(index, found.right.points)();
        if (E.isLeft(written)) return written;
      }
      onProgress?.(done + 1, indices.length);
    }
    const official = scoresByDistance(byDistance, dataset.labelSpace);
    return E.right({ point: scoresOf(official.confusion), voxel: scoresOf(voxels), official });
  };
