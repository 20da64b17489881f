import type { PickleValue, StorageRef } from './pickle-values.js';

/** A checkpoint's object, and the bytes of its storages. */
export interface Checkpoint {
  readonly root: PickleValue;
  /** A view of all of a storage's bytes, whose count is checked. */
  readonly bytesOf: (storage: StorageRef) => Uint8Array;
}
