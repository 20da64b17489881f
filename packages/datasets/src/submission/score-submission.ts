import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise, unwrap } from '../files/guard.js';
import { addToConfusionByDistance, emptyConfusionByDistance } from '../scores/confusion-by-distance.js';
import { type OfficialScores, scoresByDistance } from '../scores/scores-by-distance.js';
import { loadLabelled } from '../selection/load-labelled.js';
import type { Frame, FrameDataset } from '../types.js';
import type { Submission } from './open-submission.js';

export interface CheckOptions {
  /** Called after each frame. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

export interface ScoreOptions extends CheckOptions {
  /** Metres, ascending from 0: where the ranges of distance begin. Default: every 10 m to 50 m. */
  readonly distances?: readonly number[];
}

export interface SubmissionScores extends OfficialScores {
  readonly frames: number;
}

/**
 * Scores a submission against the labels of every frame of the data set; points labelled 0 are left out. Every file is
 * checked on the way.
 *
 * @returns `not-found` for a frame without labels, and what `Submission.prediction` finds wrong.
 */
export const scoreSubmission = (
  submission: Submission,
  dataset: FrameDataset,
  options: ScoreOptions = {},
): TaskEither<DataError, SubmissionScores> =>
  guard(async () => {
    const byDistance = emptyConfusionByDistance(dataset.labelSpace.names.length, options.distances);
    await eachFrame(submission, dataset, options, async (frame) => {
      const { points, labels } = unwrap(await loadLabelled(frame)());
      const predicted = unwrap(await submission.prediction(frame, labels.length)());
      addToConfusionByDistance(byDistance, points.positions, labels, predicted);
    });
    return { frames: dataset.length, ...scoresByDistance(byDistance, dataset.labelSpace) };
  });

/**
 * Checks a submission without labels: as many predictions as points in every frame, and only ids that the benchmark
 * knows.
 *
 * @returns how many frames and points were checked.
 */
export const checkSubmission = (
  submission: Submission,
  dataset: FrameDataset,
  options: CheckOptions = {},
): TaskEither<DataError, { readonly frames: number; readonly points: number }> =>
  guard(async () => {
    let points = 0;
    await eachFrame(submission, dataset, options, async (frame) => {
      const count = unwrap(await frame.points()()).intensity.length;
      unwrap(await submission.prediction(frame, count)());
      points += count;
    });
    return { frames: dataset.length, points };
  });

const eachFrame = async (
  { path }: Submission,
  dataset: FrameDataset,
  { onProgress, signal }: CheckOptions,
  work: (frame: Frame) => Promise<void>,
): Promise<void> => {
  for (let i = 0; i < dataset.length; i++) {
    if (signal?.aborted)
      raise(dataError('interrupted', path, 'frames', `${i} frames done`, `${dataset.length} frames`));
    await work(dataset.frame(i));
    onProgress?.(i + 1, dataset.length);
  }
};
