import { type DataError, dataError } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { HostTensor } from './safetensors/types.js';

/**
 * Sets variables to host tensors of the same names. Strict: the same names on both sides, the same shapes, F32 throughout; on any
 * error nothing is changed. Errors name `source` and the tensor.
 */
export function assignTensors(
  variables: Readonly<Record<string, tf.Variable>>,
  tensors: Readonly<Record<string, HostTensor>>,
  source: string,
): Either<DataError, void> {
  for (const name of Object.keys(tensors))
    if (!Object.hasOwn(variables, name))
      return left(dataError('mismatch', source, name, 'a tensor the model does not have', 'no such tensor'));
  for (const [name, variable] of Object.entries(variables)) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor)
      return left(dataError('not-found', source, name, 'nothing', `shape ${variable.shape.join(' x ')}`));
    if (tensor.dtype !== 'F32')
      return left(dataError('mismatch', source, `${name}.dtype`, tensor.dtype, 'F32'));
    if (tensor.shape.length !== variable.shape.length || tensor.shape.some((n, i) => n !== variable.shape[i]))
      return left(
        dataError('mismatch', source, `${name}.shape`, tensor.shape.join(' x '), variable.shape.join(' x ')),
      );
  }
  for (const [name, variable] of Object.entries(variables)) {
    const { data, shape } = tensors[name];
    tf.tidy(() => variable.assign(tf.tensor(data as Float32Array, [...shape], 'float32')));
  }
  return right(undefined);
}
