import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { HostTensor } from './safetensors/types.js';

/** Whether tensors are what a model wants: the same names on both sides, the same shapes, F32 throughout. Errors name `source` and the tensor. */
export function compareTensors(
  wanted: Readonly<Record<string, { readonly shape: readonly number[] }>>,
  tensors: Readonly<Record<string, HostTensor>>,
  source: string,
): Either<DataError, void> {
  for (const name of Object.keys(tensors))
    if (!Object.hasOwn(wanted, name))
      return left(dataError('mismatch', source, name, 'a tensor the model does not have', 'no such tensor'));
  for (const [name, { shape }] of Object.entries(wanted)) {
    const tensor = Object.hasOwn(tensors, name) ? tensors[name] : undefined;
    if (!tensor) return left(dataError('not-found', source, name, 'nothing', `shape ${shape.join(' x ')}`));
    if (tensor.dtype !== 'F32')
      return left(dataError('mismatch', source, `${name}.dtype`, tensor.dtype, 'F32'));
    if (tensor.shape.length !== shape.length || tensor.shape.some((n, i) => n !== shape[i]))
      return left(
        dataError('mismatch', source, `${name}.shape`, tensor.shape.join(' x '), shape.join(' x ')),
      );
  }
  return right(undefined);
}
