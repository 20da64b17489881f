import { bytesOf } from '../safetensors/types.js';
import { byteCursor } from './byte-cursor.js';
import type { Checkpoint } from './checkpoint.js';
import { describe, type PickleValue, type StorageRef } from './pickle-values.js';
import { readPickle } from './read-pickle.js';
import { refuse } from './refuse.js';
import { torchCall, torchGlobal, torchStorage } from './torch-globals.js';

const magic = 0x1950a86a20f9469cfc6cn;
const protocol = 1001;

/**
 * PyTorch before 1.6, and later ones with `_use_new_zipfile_serialization=False`: pickles of a magic number, a protocol number, facts
 * about the machine, the object, and the storages' keys; then, for each key, an element count (8 bytes) and the elements.
 */
export function readLegacyCheckpoint(bytes: Uint8Array): Checkpoint {
  const cursor = byteCursor(bytes);
  const storages = new Map<string, StorageRef>();
  const hooks = {
    global: torchGlobal,
    call: torchCall,
    persistent: (id: PickleValue): PickleValue => {
      const storage = torchStorage(id);
      storages.set(storage.key, storage);
      return storage;
    },
  };
  const next = (): PickleValue => readPickle(cursor, hooks);
  if (next() !== magic) refuse('mismatch', 'magic number', 'another one', "that of PyTorch's checkpoints");
  const version = next();
  if (version !== protocol) refuse('mismatch', 'protocol', describe(version), String(protocol));
  const machine = next();
  if (machine instanceof Map && machine.get('little_endian') === false)
    refuse('mismatch', 'byte order', 'big-endian', 'little-endian');
  const root = next();
  const keys = next();
  if (!Array.isArray(keys)) return refuse('malformed', 'storage keys', describe(keys), 'a list');
  const contents = new Map<string, Uint8Array>();
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) return refuse('malformed', 'storage keys', describe(key), 'the key of a storage');
    const count = cursor.count64();
    if (count !== storage.elements)
      refuse('mismatch', `storage ${storage.key}`, `${count} elements`, String(storage.elements));
    contents.set(storage.key, cursor.take(count * bytesOf[storage.dtype]));
  }
  return {
    root,
    bytesOf: ({ key, dtype, elements }) => {
      const content =
        contents.get(key) ?? refuse('not-found', `storage ${key}`, 'nothing', "a storage's bytes");
      // The file may name a storage twice, and differ.
      if (content.length !== elements * bytesOf[dtype])
        refuse('mismatch', `storage ${key}`, `${content.length} bytes`, `${elements} of ${dtype}`);
      return content;
    },
  };
}
