import { type DataError, dataError, type Random } from '@nerfseg/geometry';
import type { Variable } from '@tensorflow/tfjs-core';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { assignTensors } from './assignTensors.js';
import { createCylinder3d } from './createCylinder3d.js';
import { disposeNetwork } from './disposeNetwork.js';
import { loadWeights } from './loadWeights.js';
import type { Network } from './network.js';
import { parseConfig } from './parseConfig.js';
import type { HostTensor, SafetensorsFile } from './safetensors/types.js';
import { saveWeights } from './saveWeights.js';

/** Parameters and running statistics by name. */
export const networkTensors = (network: Network): Record<string, Variable> => ({
  ...network.trainable,
  ...network.statistics,
});

/** Sets all of a network's parameters and statistics; names and shapes must agree exactly (see `assignTensors`). */
export const loadInto = (
  network: Network,
  tensors: Readonly<Record<string, HostTensor>>,
  source: string,
): Either<DataError, void> => assignTensors(networkTensors(network), tensors, source);

/** Saves a network with its configuration (metadata 'cylinder3d', JSON) as a safetensors file. */
export const saveNetwork = (
  path: string,
  network: Network,
  metadata: Readonly<Record<string, string>> = {},
): TaskEither<DataError, void> =>
  saveWeights(path, networkTensors(network), { ...metadata, cylinder3d: JSON.stringify(network.config) });

/** Never drawn from: every parameter is overwritten by the file's. */
const unused: Random = {
  next: () => 0.5,
  int: () => 0,
  normal: () => 0,
  shuffle: (items) => items,
  fork: () => unused,
  state: () => [],
};

/** Opens a file that `saveNetwork` wrote: the network, and the file's metadata. */
export const openNetwork =
  (path: string): TaskEither<DataError, { network: Network; metadata: SafetensorsFile['metadata'] }> =>
  async () => {
    const file = await loadWeights(path)();
    if (isLeft(file)) return file;
    const { tensors, metadata } = file.right;
    const text = metadata.cylinder3d;
    if (text === undefined)
      return left(
        dataError(
          'not-found',
          path,
          '__metadata__.cylinder3d',
          'nothing',
          "the network's configuration",
          'Use loadWeights and loadInto.',
        ),
      );
    const config = parseConfig(text, path);
    if (isLeft(config)) return config;
    const network = createCylinder3d(config.right, unused);
    const loaded = loadInto(network, tensors, path);
    if (isLeft(loaded)) {
      disposeNetwork(network);
      return loaded;
    }
    return right({ network, metadata });
  };
