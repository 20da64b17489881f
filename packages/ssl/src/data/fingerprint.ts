import { createHash, type Hash } from 'node:crypto';
import { type FrameDataset, prepareScan } from '@nerfseg/datasets';
import { type CylindricalGrid, type DataError, dataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** What one look through a run's frames finds. */
export interface DatasetCensus {
  /** [C] voxels per class over the labelled frames: what class weights are made of. */
  readonly counts: Float64Array;
  /** Changes when the data do. */
  readonly fingerprint: string;
}

export interface CensusOptions {
  readonly labelled: readonly number[];
  readonly unlabelled: readonly number[];
  readonly grid: CylindricalGrid;
  readonly numClasses: number;
  readonly onScan?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** Unlabelled frames whose points are read for the fingerprint; all others enter it by name, time and place. */
const spotChecks = 8;

/**
 * Reads every labelled frame once: counts its classes, and makes the data set's fingerprint. Into that go the classes'
 * names, the id, time, pose and calibration of every frame, points and labels of the labelled ones, and the points of
 * some unlabelled ones, evenly spread: to read all of them would take as long as training on them.
 */
export const datasetCensus =
  (dataset: FrameDataset, options: CensusOptions): TaskEither<DataError, DatasetCensus> =>
  async () => {
    const { labelled, unlabelled, grid, numClasses, onScan, signal } = options;
    const hash = createHash('sha256').update(JSON.stringify(dataset.labelSpace.names));
    for (const index of [...labelled, ...unlabelled]) describe(hash, dataset, index);
    const counts = new Float64Array(numClasses);
    const checked = spread(unlabelled, spotChecks);
    const total = labelled.length + checked.length;
    for (const [done, index] of [...labelled, ...checked].entries()) {
      if (signal?.aborted)
        return E.left(
          dataError('interrupted', dataset.name, 'labels', `${done} frames read`, `${total} frames`),
        );
      const isLabelled = done < labelled.length;
      const prepared = await prepareScan(dataset.frame(index), {
        grid,
        numClasses,
        labelled: isLabelled,
        ignoreVotes: false,
      })();
      if (E.isLeft(prepared)) return prepared;
      const { points, pointLabels, labels } = prepared.right;
      hash.update(bytesOf(points.positions)).update(bytesOf(points.intensity));
      if (isLabelled) {
        hash.update(pointLabels);
        for (const label of labels) counts[label]! += 1;
      }
      onScan?.(done + 1, total);
    }
    return E.right({ counts, fingerprint: hash.digest('hex').slice(0, 16) });
  };

const bytesOf = (array: Float32Array | Float64Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function describe(hash: Hash, dataset: FrameDataset, index: number): void {
  const { id, timestamp, globalFromLidar, cameras } = dataset.frame(index);
  hash.update(`${index} ${id} ${timestamp}`).update(bytesOf(globalFromLidar));
  for (const { name, width, height, intrinsics, distortion, cameraFromLidar } of cameras) {
    hash.update(`${name} ${width} ${height}`).update(bytesOf(intrinsics)).update(bytesOf(cameraFromLidar));
    if (distortion) hash.update(distortion.model).update(bytesOf(distortion.coefficients));
  }
}

const spread = (indices: readonly number[], count: number): number[] => {
  if (indices.length <= count) return [...indices];
  return Array.from({ length: count }, (_, i) => indices[Math.floor((i * indices.length) / count)]!);
};
