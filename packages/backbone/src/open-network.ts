import { type DataError, dataError } from '@nerfseg/geometry';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { buildNetwork } from './build-network.js';
import { compareTensors } from './compare-tensors.js';
import { disposeNetwork } from './dispose-network.js';
import { loadInto } from './load-into.js';
import { loadWeights } from './load-weights.js';
import type { Network } from './network.js';
import { parameterSpecs } from './parameters.js';
import { parseConfig } from './parse-config.js';
import type { SafetensorsFile } from './safetensors/types.js';

/** Opens a file that `saveNetwork` wrote: the network, and the file's metadata. Errors name the path. */
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
    // Before memory is spent: the metadata may promise anything.
    const specs = Object.fromEntries(parameterSpecs(config.right).map((spec) => [spec.name, spec]));
    const agree = compareTensors(specs, tensors, path);
    if (isLeft(agree)) return agree;
    const network = buildNetwork(config.right, (_, size) => new Float32Array(size));
    const loaded = loadInto(network, tensors, path);
    if (isLeft(loaded)) {
      disposeNetwork(network);
      return loaded;
    }
    return right({ network, metadata });
  };
