import type { DataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Network } from './network.js';
import { networkTensors } from './network-tensors.js';
import { saveWeights } from './save-weights.js';

/** Saves a network with its configuration (metadata 'cylinder3d', JSON) as a safetensors file. */
export const saveNetwork = (
  path: string,
  network: Network,
  metadata: Readonly<Record<string, string>> = {},
): TaskEither<DataError, void> =>
  saveWeights(path, networkTensors(network), { ...metadata, cylinder3d: JSON.stringify(network.config) });
