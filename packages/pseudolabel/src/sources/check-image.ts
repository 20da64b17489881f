import { type DataError, dataError, type Image } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** The bytes of a picture that is what {@link Image} promises: uint8, [height, width, 3], contiguous. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** [H*W*3] */
  readonly data: Uint8Array;
}

/** Checks a picture before it is segmented; `key` names it in the error. */
export function checkImage(image: Image, key = 'image'): Either<DataError, Pixels> {
  const { shape, stride, offset, data } = image;
  const [height = 0, width = 0, channels = 0] = shape;
  if (shape.length !== 3 || channels !== 3)
    return left(dataError('mismatch', key, 'shape', `[${shape.join(', ')}]`, '[height, width, 3]'));
  if (height < 1 || width < 1)
    return left(dataError('empty', key, 'shape', `${width} x ${height}`, 'pixels'));
  if (!(data instanceof Uint8Array))
    return left(dataError('mismatch', key, 'data', Object.prototype.toString.call(data), 'a Uint8Array'));
  if (stride[0] !== width * 3 || stride[1] !== 3 || stride[2] !== 1)
    return left(dataError('mismatch', key, 'stride', `[${stride.join(', ')}]`, `[${width * 3}, 3, 1]`));
  const end = offset + width * height * 3;
  if (data.length < end)
    return left(dataError('truncated', key, 'data', `${data.length} bytes`, `at least ${end}`));
  return right({ width, height, data: data.subarray(offset, end) });
}
