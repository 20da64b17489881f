import type { DataError } from '@nerfseg/geometry';
import type { Either } from 'fp-ts/lib/Either.js';
import { assignTensors } from './assign-tensors.js';
import type { Network } from './network.js';
import { networkTensors } from './network-tensors.js';
import type { HostTensor } from './safetensors/types.js';

/** Sets all of a network's parameters and statistics; names and shapes must agree exactly (see `assignTensors`). */
export const loadInto = (
  network: Network,
  tensors: Readonly<Record<string, HostTensor>>,
  source: string,
): Either<DataError, void> => assignTensors(networkTensors(network), tensors, source);
