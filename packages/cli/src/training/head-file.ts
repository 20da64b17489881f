import { existsSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { assignTensors, loadWeights, saveWeights } from '@nerfseg/backbone';
import { createRandom, type DataError } from '@nerfseg/geometry';
import { createNerfHead, disposeNerfHead, type NerfHead } from '@nerfseg/render';
import { type TrainSettings, trainSettings } from '@nerfseg/ssl';
import { isLeft, right } from 'fp-ts/lib/Either.js';
import { none, type Option, some } from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { z } from 'zod';
import { checked } from '../config/checked.js';
import { weightsFile } from './weights-file.js';

/** Where a run keeps its NeRF head, beside the network's weights. */
export const headFile = (run: string): string => join(run, 'head.safetensors');

const count = z.number().int().positive();
const headSchema: z.ZodType<NerfHead['config']> = z
  .strictObject({
    levelChannels: z.array(count).min(1),
    numClasses: count,
    hidden: count,
    layers: count,
    densityActivation: z.enum(['exp', 'softplus']),
    initialDensity: z.number().positive(),
    shareClassifier: z.boolean(),
    separateDensity: z.boolean(),
    stopDensityGradient: z.boolean(),
  })
  .readonly();

/** Saves a head with the settings that it was trained with: they say how it renders and fuses. */
export const saveRunHead = (
  run: string,
  head: NerfHead,
  settings: TrainSettings,
): TaskEither<DataError, void> =>
  saveWeights(headFile(run), head.trainable, {
    head: JSON.stringify(head.config),
    settings: JSON.stringify(settings),
  });

export interface RunHead {
  readonly head: NerfHead;
  readonly settings: TrainSettings;
}

/** The folder of a run that is named by it, or by its weights file. */
export const folderOfRun = (run: string): string =>
  existsSync(run) && statSync(run).isFile() ? dirname(run) : run;

/**
 * Opens what {@link saveRunHead} wrote; none where the run's method has no head, and for weights other than those that it
 * was trained with to the end: the best ones are of another step.
 *
 * @param run the run's folder, or its weights file.
 */
export const openRunHead =
  (run: string): TaskEither<DataError, Option<RunHead>> =>
  async () => {
    const folder = folderOfRun(run);
    const file = headFile(folder);
    const isWhole = folder === run || resolve(run) === resolve(weightsFile(folder));
    if (!isWhole || !existsSync(file)) return right(none);
    const loaded = await loadWeights(file)();
    if (isLeft(loaded)) return loaded;
    const { metadata, tensors } = loaded.right;
    const config = checked(headSchema, parsed(metadata.head), () => `${file}: head`);
    if (isLeft(config)) return config;
    const settings = checked(trainSettings, parsed(metadata.settings), () => `${file}: settings`);
    if (isLeft(settings)) return settings;
    const head = createNerfHead(config.right, createRandom(0));
    const assigned = assignTensors(head.trainable, tensors, file);
    if (isLeft(assigned)) {
      disposeNerfHead(head);
      return assigned;
    }
    return right(some({ head, settings: settings.right }));
  };

const parsed = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
};
