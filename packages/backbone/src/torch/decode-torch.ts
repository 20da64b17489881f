import type { DataError } from '@nerfseg/geometry';
import type { Either } from 'fp-ts/lib/Either.js';
import type { HostTensor, SafetensorsDtype } from '../safetensors/types.js';
import type { Checkpoint } from './checkpoint.js';
import { describe, isTensor, type PickleValue } from './pickle-values.js';
import { readLegacyCheckpoint } from './read-legacy-checkpoint.js';
import { readZipCheckpoint } from './read-zip-checkpoint.js';
import { guarded, refuse } from './refuse.js';
import { tensorBytes } from './tensor-bytes.js';

/** A tensor of a checkpoint; its data stay in the file's bytes until they are read. */
export interface TorchTensor {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Row-major data of the tensor's own dtype; what lies outside the file, or a damaged storage, is an error. */
  readonly read: () => Either<DataError, HostTensor>;
}

/** Under what key training scripts keep the state dictionary. */
const wrappers = ['state_dict', 'model_state_dict', 'model_state', 'model', 'network', 'net'];

function open(bytes: Uint8Array): Checkpoint {
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) return readZipCheckpoint(bytes);
  if (bytes[0] === 0x80) return readLegacyCheckpoint(bytes);
  return refuse(
    bytes.length === 0 ? 'empty' : 'mismatch',
    'format',
    bytes.length === 0 ? '0 bytes' : 'neither a zip archive nor a pickle',
    'a file that torch.save wrote',
    'A checkpoint of PyTorch 0.1, a tar archive, has to be loaded and saved in Python first.',
  );
}

/** The dictionary of tensors: the object itself, or one level down; beside it there may be others, of a generator's state, say: the one with the most. */
function stateDictionary(root: PickleValue): Map<PickleValue, PickleValue> {
  const candidates = root instanceof Map ? [root, ...wrappers.map((key) => root.get(key))] : [root];
  let best: Map<PickleValue, PickleValue> | undefined;
  let most = 0;
  for (const value of candidates) {
    if (!(value instanceof Map)) continue;
    const tensors = [...value.values()].filter(isTensor).length;
    if (tensors > most) [best, most] = [value, tensors];
  }
  if (best) return best;
  return refuse(
    'not-found',
    'state_dict',
    root instanceof Map
      ? `a dictionary of ${[...root.keys()].map(describe).slice(0, 8).join(', ') || 'nothing'}`
      : describe(root),
    `tensors by name, directly or under ${wrappers.join(', ')}`,
  );
}

/**
 * Reads a checkpoint that `torch.save` wrote, zip archive or older format, as data: the pickle inside is interpreted by a machine that
 * knows the few names tensors need and refuses every other. Nothing of the file is run. Entries of the state dictionary that are no
 * tensors are left out. Errors name `source`, and what was found where.
 */
export const decodeTorch = (
  bytes: Uint8Array,
  source: string,
): Either<DataError, ReadonlyMap<string, TorchTensor>> =>
  guarded(source, () => {
    const { root, bytesOf } = open(bytes);
    const tensors = new Map<string, TorchTensor>();
    for (const [name, value] of stateDictionary(root)) {
      if (typeof name !== 'string' || !isTensor(value)) continue;
      const read = () => guarded(source, () => tensorBytes(name, value, bytesOf(value.storage)));
      tensors.set(name, { name, dtype: value.storage.dtype, shape: value.shape, read });
    }
    return tensors;
  });
