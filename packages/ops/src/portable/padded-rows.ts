import { concat, type Tensor, type Tensor1D, type TensorInfo, tensor1d, zeros } from '@tensorflow/tfjs-core';

/** Columns of a matrix (tfjs's types leave the size open). */
export const columnsOf = (x: TensorInfo): number => x.shape[1];

/** x with a row of zeros below: the row that a missing index reads. */
export const withZeroRow = (x: Tensor): Tensor => concat([x, zeros([1, columnsOf(x)])], 0);

/** Indices as a tensor, -1 replaced by `missing` (the number of a row of zeros). */
export const indexTensor = (indices: Int32Array, missing: number): Tensor1D => {
  const padded = new Int32Array(indices.length);
  for (let n = 0; n < indices.length; n++) padded[n] = indices[n] < 0 ? missing : indices[n];
  return tensor1d(padded, 'int32');
};
