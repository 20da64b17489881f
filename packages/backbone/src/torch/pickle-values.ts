import type { SafetensorsDtype } from '../safetensors/types.js';

/** A Python function or class, by name only: nothing is ever looked up or run. */
export interface GlobalName {
  readonly kind: 'global';
  readonly name: string;
}

/** What a function or class outside the known few would have made: kept as its name, its contents dropped. */
export interface Inert {
  readonly kind: 'inert';
  readonly name: string;
}

/** A block of numbers that lies elsewhere in the file; tensors may share it. */
export interface StorageRef {
  readonly kind: 'storage';
  readonly key: string;
  readonly dtype: SafetensorsDtype;
  readonly elements: number;
}

/** A strided view of a storage; offset and strides count elements. */
export interface TensorRef {
  readonly kind: 'tensor';
  readonly storage: StorageRef;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
}

/** What a pickle can hold here. Tuples, lists and sets are arrays, dictionaries maps. */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleValue[]
  | Map<PickleValue, PickleValue>
  | GlobalName
  | Inert
  | StorageRef
  | TensorRef;

/** The kind of a value that has one. */
export const kindOf = (value: PickleValue | undefined): string | undefined =>
  typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;

export const isTensor = (value: PickleValue | undefined): value is TensorRef => kindOf(value) === 'tensor';

export const isStorage = (value: PickleValue | undefined): value is StorageRef => kindOf(value) === 'storage';

/** What a value is, for an error's text. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return `'${value.slice(0, 40)}'`;
  if (typeof value !== 'object') return String(value).slice(0, 40);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Map) return `a dictionary of ${value.size}`;
  if (!('kind' in value)) return 'bytes';
  return value.kind === 'global' || value.kind === 'inert' ? value.name : `a ${value.kind}`;
}
