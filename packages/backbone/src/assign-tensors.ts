import type { DataError } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js';
import { compareTensors } from './compare-tensors.js';
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
  const agree = compareTensors(variables, tensors, source);
  if (isLeft(agree)) return agree;
  for (const [name, variable] of Object.entries(variables)) {
    const { data, shape } = tensors[name];
    tf.tidy(() => variable.assign(tf.tensor(data as Float32Array, [...shape], 'float32')));
  }
  return right(undefined);
}
