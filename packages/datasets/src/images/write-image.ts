import type { DataError, Image } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import sharp, { type Sharp } from 'sharp';
import { guard } from '../files/guard.js';
import { putFile } from '../files/write-file-atomic.js';

const pixelsOf = (image: Image): Sharp => {
  const [height, width, channels] = image.shape;
  if (channels !== 3 || image.data.length !== width * height * 3)
    throw new RangeError(`an image of shape [${image.shape.join(', ')}] is not contiguous RGB`);
  return sharp(image.data, { raw: { width, height, channels: 3 } });
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

/** Writes a PNG, atomically; `unavailable` when the place cannot be written. */
export const writePng = (path: string, image: Image): TaskEither<DataError, void> =>
  guard(async () => putFile(path, await encodePng(image)));

/**
 * Writes a JPEG, atomically; `unavailable` when the place cannot be written.
 *
 * @param quality 1 to 100, default 90.
 */
export const writeJpeg = (path: string, image: Image, quality = 90): TaskEither<DataError, void> =>
  guard(async () => putFile(path, await encodeJpeg(image, quality)));
