import type { Random } from '@nerfseg/geometry';
import type { FrameDataset } from '../types.js';

export interface LabelFraction {
  /** Ascending indices into the data set. */
  readonly labelled: number[];
  readonly unlabelled: number[];
}

const goldenRatio = (Math.sqrt(5) - 1) / 2;

/**
 * Chooses which frames keep their labels: round(fraction * length) of them, at least one, spread evenly over the
 * data set and hence over its sequences in proportion to their lengths, from a random phase. (Neighbouring frames are
 * nearly the same; a plain draw would take some of them twice over and miss whole stretches.) Nested: with a
 * generator in the same state a smaller fraction is a subset of a larger one.
 *
 * The points are those of the golden-ratio sequence, frac(phase + k * 0.618...), whose every beginning is close to
 * evenly spaced.
 *
 * @param fraction 0 < fraction <= 1.
 * @throws RangeError for another fraction or an empty data set.
 */
export const labelFraction = (
  dataset: Pick<FrameDataset, 'length'>,
  fraction: number,
  random: Random,
): LabelFraction => {
  const { length } = dataset;
  if (!(fraction > 0 && fraction <= 1) || length === 0)
    throw new RangeError(`labelFraction: fraction ${fraction} of ${length} frames`);
  const wanted = Math.max(1, Math.round(fraction * length));
  const chosen = new Uint8Array(length);
  let position = random.next();
  for (let count = 0; count < wanted; position = (position + goldenRatio) % 1) {
    const index = Math.min(length - 1, Math.floor(position * length));
    if (chosen[index]) continue;
    chosen[index] = 1;
    count++;
  }
  const labelled: number[] = [];
  const unlabelled: number[] = [];
  for (let i = 0; i < length; i++) (chosen[i] ? labelled : unlabelled).push(i);
  return { labelled, unlabelled };
};
