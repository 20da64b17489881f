import type { SafetensorsDtype } from '../safetensors/types.js';
import {
  describe,
  isStorage,
  isTensor,
  kindOf,
  type PickleValue,
  type StorageRef,
  type TensorRef,
} from './pickle-values.js';
import { refuse } from './refuse.js';

const storageTypes: Readonly<Record<string, SafetensorsDtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

const storageDtype = (name: string): SafetensorsDtype | undefined => {
  const type = /^torch\.(?:cuda\.)?(\w+)$/.exec(name)?.[1];
  return type !== undefined && Object.hasOwn(storageTypes, type) ? storageTypes[type] : undefined;
};

const isCount = (value: PickleValue | undefined): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isCounts = (value: PickleValue | undefined): value is number[] =>
  Array.isArray(value) && value.every(isCount);

/** `_rebuild_tensor_v2(storage, storage_offset, size, stride, requires_grad, backward_hooks)`. */
function rebuildTensor([storage, offset, shape, stride]: readonly PickleValue[]): TensorRef {
  if (!isStorage(storage)) return refuse('malformed', 'tensor', describe(storage), 'a storage');
  if (!isCount(offset)) return refuse('malformed', 'tensor offset', describe(offset), 'a count');
  if (!isCounts(shape) || shape.length > 64)
    return refuse('malformed', 'tensor shape', describe(shape), 'counts');
  if (!isCounts(stride) || stride.length !== shape.length)
    return refuse('malformed', 'tensor stride', describe(stride), `${shape.length} counts`);
  return { kind: 'tensor', storage, offset, shape, stride };
}

const rebuildParameter = ([data]: readonly PickleValue[]): PickleValue =>
  isTensor(data) ? data : refuse('malformed', 'parameter', describe(data), 'a tensor');

/** `OrderedDict()`, or, from Python 2, `OrderedDict([[key, value], ...])`. */
function orderedDict([pairs]: readonly PickleValue[]): PickleValue {
  const map = new Map<PickleValue, PickleValue>();
  for (const pair of Array.isArray(pairs) ? pairs : []) {
    if (!Array.isArray(pair) || pair.length !== 2)
      return refuse('malformed', 'OrderedDict', describe(pair), 'a pair of key and value');
    map.set(pair[0], pair[1]);
  }
  return map;
}

/** What is understood. */
const known: Readonly<Record<string, (args: readonly PickleValue[]) => PickleValue>> = {
  'collections.OrderedDict': orderedDict,
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_parameter': rebuildParameter,
  'torch._utils._rebuild_parameter_with_state': rebuildParameter,
  'torch.Size': ([size]) => size ?? [],
};

/** What training frameworks keep beside the weights: passed over, its contents dropped, of no use as a parameter. */
const passedOver = [
  /^numpy\.(?:_core|core)\.multiarray\.(?:scalar|_reconstruct)$/,
  /^numpy\.(?:ndarray|dtype)$/,
  /^numpy\.dtypes\.\w+DType$/,
  /^_codecs\.encode$/,
  /^collections\.(?:defaultdict|deque|Counter)$/,
  /^(?:copyreg|copy_reg)\._reconstructor$/,
  /^(?:builtins|__builtin__)\.(?:object|getattr|set|frozenset|dict|list|tuple|int|long|float|bool|str)$/,
  /^mmengine\.logging\.history_buffer\.HistoryBuffer$/,
  /^argparse\.Namespace$/,
  /^pathlib\.(?:_local\.)?(?:Pure)?(?:Posix|Windows)?Path$/,
  /^datetime\.(?:datetime|timedelta)$/,
  /^torch\.(?:device|float(?:16|32|64)|bfloat16|u?int\d+|bool)$/,
];

/** The few Python names that a checkpoint of tensors may hold; any other is refused by its name. */
export function torchGlobal(name: string): PickleValue {
  if (Object.hasOwn(known, name) || storageDtype(name)) return { kind: 'global', name };
  if (passedOver.some((pattern) => pattern.test(name))) return { kind: 'inert', name };
  return refuse(
    'malformed',
    'pickle',
    `a reference to ${name}`,
    'tensors and plain values only',
    'Nothing of the file was run. In Python, torch.save(model.state_dict(), FILE) keeps the tensors alone.',
  );
}

/** A call of one of them. */
export function torchCall(callee: PickleValue, args: readonly PickleValue[]): PickleValue {
  if (typeof callee === 'object' && callee !== null && 'kind' in callee) {
    if (callee.kind === 'inert') return callee;
    if (callee.kind === 'global' && Object.hasOwn(known, callee.name)) return known[callee.name](args);
  }
  return refuse('malformed', 'pickle', `a call of ${describe(callee)}`, 'a call of what makes tensors');
}

/** A persistent id: ('storage', storage type, key, location, elements[, view]). */
export function torchStorage(id: PickleValue): StorageRef {
  if (!Array.isArray(id) || id[0] !== 'storage')
    return refuse('malformed', 'persistent id', describe(id), "('storage', ...)");
  const [, type, key, , elements, view] = id;
  const dtype =
    kindOf(type) === 'global' ? storageDtype((type as { readonly name: string }).name) : undefined;
  if (dtype === undefined)
    return refuse('malformed', 'storage type', describe(type), Object.keys(storageTypes).join(', '));
  if (typeof key !== 'string' || !isCount(elements))
    return refuse('malformed', 'storage', `${describe(key)}, ${describe(elements)}`, 'a key and a count');
  if (view !== undefined && view !== null)
    return refuse(
      'malformed',
      `storage ${key}`,
      'a view of another storage',
      'a storage of its own',
      'PyTorch before 0.4 wrote such files; load and save it with a later one.',
    );
  return { kind: 'storage', key, dtype, elements };
}
