import { arrayOf, bytesOf, type HostTensor } from '../safetensors/types.js';
import type { TensorRef } from './pickle-values.js';
import { refuse } from './refuse.js';

/** Whether the elements lie back to back, row-major. */
function isContiguous({ shape, stride }: TensorRef): boolean {
  let expected = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1 && stride[axis] !== expected) return false;
    expected *= shape[axis];
  }
  return true;
}

/** Copies a strided view into row-major order, element by element. */
function gather({ shape, stride, offset }: TensorRef, from: Uint8Array, to: Uint8Array, width: number): void {
  const index = new Array<number>(shape.length).fill(0);
  let source = offset * width;
  for (let at = 0; at < to.length; at += width) {
    for (let byte = 0; byte < width; byte++) to[at + byte] = from[source + byte];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += stride[axis] * width;
      if (++index[axis] < shape[axis]) break;
      source -= stride[axis] * shape[axis] * width;
      index[axis] = 0;
    }
  }
}

/** Elements of a shape; Infinity where that cannot be right. */
export const elementsOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

/**
 * A tensor as host data of its own dtype, row-major, free of the file. Every element must lie within the storage, and there may be no
 * more of them than the storage has: a broadcast view would let a small file ask for any amount of memory.
 */
export function tensorBytes(name: string, tensor: TensorRef, storage: Uint8Array): HostTensor {
  const { dtype, elements } = tensor.storage;
  const count = elementsOf(tensor.shape);
  const last = tensor.shape.reduce((sum, n, axis) => sum + (n - 1) * tensor.stride[axis], tensor.offset);
  if (count > elements || (count > 0 && last >= elements) || tensor.offset > elements)
    refuse(
      'out-of-range',
      name,
      `shape ${tensor.shape.join(' x ')}, stride ${tensor.stride.join(', ')}, offset ${tensor.offset}`,
      `within its storage of ${elements} elements`,
    );
  const width = bytesOf[dtype];
  const buffer = new ArrayBuffer(count * width);
  const bytes = new Uint8Array(buffer);
  if (isContiguous(tensor))
    bytes.set(storage.subarray(tensor.offset * width, (tensor.offset + count) * width));
  else gather(tensor, storage, bytes, width);
  return { dtype, shape: tensor.shape, data: arrayOf(dtype, buffer) };
}
