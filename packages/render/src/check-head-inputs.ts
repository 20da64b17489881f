import type { Tensor2D } from '@tensorflow/tfjs-core';
import type { NerfHead } from './nerf-head.js';
import type { RaySamples } from './types.js';

/** @throws RangeError where features do not fit the head or the samples. */
export const checkHeadInputs = (
  { config }: NerfHead,
  levelFeatures: readonly Tensor2D[],
  samples: RaySamples,
): void => {
  const found = levelFeatures.map((x) => x.shape.join('x')).join(', ');
  const expected = samples.levelRows.map((rows, l) => `${rows}x${config.levelChannels[l]}`).join(', ');
  if (found !== expected || config.levelChannels.length !== samples.levels.length)
    throw new RangeError(`level features: found [${found}], expected [${expected}]`);
};
