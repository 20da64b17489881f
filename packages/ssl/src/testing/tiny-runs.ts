import { cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import { createRandom, type DataError } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { LossRecord } from '../runs/record.js';
import { trainSettings } from '../train/settings.js';
import { train } from '../train/train.js';
import type { TrainOptions } from '../train/train-options.js';
import { tinyDataset, tinyGrid, unwrap } from './tiny-dataset.js';

/** Training runs of a few steps on four tiny scans: to stop, damage and resume. */

const network = cylinder3dConfig({ numClasses: 4, width: 2, pointWidths: [8, 8], voxelInputChannels: 4 });
const { dataset } = tinyDataset(4);

export const settingsOf = (more: object) =>
  trainSettings.parse({ steps: 6, labelledPerStep: 1, learningRate: 0.01, ...more });

export const optionsOf = (settings: object, more: Partial<TrainOptions> = {}): TrainOptions => ({
  dataset,
  labelled: [0, 1],
  unlabelled: [],
  grid: tinyGrid,
  network,
  settings: settingsOf(settings),
  random: createRandom(7),
  ...more,
});

/** Trains to the end; gives the final weights and the history. */
export async function weightsAfter(
  options: TrainOptions,
): Promise<{ weights: number[]; history: readonly LossRecord[] }> {
  const result = unwrap(await train(options)());
  const weights = Object.values(result.network.trainable).flatMap((v) => [...v.dataSync()]);
  disposeNetwork(result.network);
  return { weights, history: result.history };
}

/** Trains until so many steps are done, then presses Ctrl-C. */
export async function stopAfter(step: number, options: TrainOptions): Promise<DataError> {
  const abort = new AbortController();
  const onProgress = (record: LossRecord): void => {
    if (record.step === step) abort.abort();
  };
  const result = await train({ ...options, signal: abort.signal, onProgress })();
  if (E.isRight(result)) throw new Error('it was not stopped');
  return result.left;
}
