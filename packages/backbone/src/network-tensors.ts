import type { Variable } from '@tensorflow/tfjs-core';
import type { Network } from './network.js';

/** Parameters and running statistics by name. */
export const networkTensors = (network: Network): Record<string, Variable> => ({
  ...network.trainable,
  ...network.statistics,
});
