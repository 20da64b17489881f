import { disposeNetwork } from '@nerfseg/backbone';
import type { FrameDataset } from '@nerfseg/datasets';
import { type DataError, dataError } from '@nerfseg/geometry';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { openRunWeights, type RunWeights } from './weights-file.js';

/** Opens a run's network where it has the data set's classes, as many as these. */
export const openWeightsFor =
  (run: string, { name, labelSpace }: FrameDataset): TaskEither<DataError, RunWeights> =>
  async () => {
    const opened = await openRunWeights(run)();
    if (isLeft(opened)) return opened;
    const { network } = opened.right;
    const { numClasses } = network.config;
    const classes = labelSpace.names.length;
    if (numClasses === classes) return right(opened.right);
    disposeNetwork(network);
    return left(dataError('mismatch', run, 'classes', String(numClasses), `${classes}, as ${name} has`));
  };
