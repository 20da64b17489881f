import { type FrameDataset, prepareScan } from '@nerfseg/datasets';
import type { CylindricalGrid, DataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Voxels per class over labelled frames, [C]: what class weights are made of. Every frame is read once. */
export const labelCounts =
  (
    dataset: FrameDataset,
    indices: readonly number[],
    grid: CylindricalGrid,
    numClasses: number,
  ): TaskEither<DataError, Float64Array> =>
  async () => {
    const counts = new Float64Array(numClasses);
    for (const index of indices) {
      const prepared = await prepareScan(dataset.frame(index), {
        grid,
        numClasses,
        labelled: true,
        ignoreVotes: false,
      })();
      if (E.isLeft(prepared)) return prepared;
      for (const label of prepared.right.labels) counts[label]! += 1;
    }
    return E.right(counts);
  };
