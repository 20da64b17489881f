import type { DataError, Image } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import sharp, { type Sharp } from 'sharp';
import { guard } from '../files/guard.js';
import { putFile } from '../files/put-file.js';

const pixelsOf = (image: Image): Sharp => {
  const { shape, stride, offset, data } = image;
  const [height, width, channels] = shape;
  // A mirrored or transposed view may have the same shape over the same bytes.
  const rowByRow = stride[0] === width * 3 && stride[1] === 3 && stride[2] === 1;
  const end = offset + width * height * 3;
  if (channels !== 3 || data.length < end || !rowByRow)
    throw new RangeError(
      `an image of shape [${shape.join(', ')}], strides [${stride.join(', ')}] is not contiguous RGB`,
    );
  return sharp(data.subarray(offset, end), { raw: { width, height, channels: 3 } });
};

const encoded = async (picture: Sharp): Promise<Uint8Array> => {
  const { buffer, byteOffset, byteLength } = await picture.toBuffer();
  return new Uint8Array(buffer, byteOffset, byteLength);
};

/** A PNG of an image: lossless. */
export const encodePng = (image: Image): Promise<Uint8Array> =>
  encoded(pixelsOf(image).png({ compressionLevel: 6 }));

/** A JPEG of an image. */
export const encodeJpeg = (image: Image, quality = 90): Promise<Uint8Array> =>
  encoded(pixelsOf(image).jpeg({ quality }));

/**
 * Writes a PNG, atomically; `unavailable` when the place cannot be written.
 *
 * @throws RangeError (the promise rejects) for an image that is not contiguous RGB.
 */
export const writePng = (path: string, image: Image): TaskEither<DataError, void> =>
  guard(async () => putFile(path, await encodePng(image)));

/**
 * Writes a JPEG, atomically; `unavailable` when the place cannot be written.
 *
 * @param quality 1 to 100, default 90.
 * @throws as `writePng`.
 */
export const writeJpeg = (path: string, image: Image, quality = 90): TaskEither<DataError, void> =>
  guard(async () => putFile(path, await encodeJpeg(image, quality)));
