import { type DataError, dataError, type Image, image } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import sharp from 'sharp';
import { guard, raise } from '../files/guard.js';
import { readBytes } from '../files/read-bytes.js';

/** As `readImage`, raising, and checked against the size that a calibration was made for. */
export const loadImage = async (
  path: string,
  expected?: { readonly width: number; readonly height: number },
): Promise<Image> => {
  // By content and not by path: libvips keeps files that it opened by name, and would miss that one was replaced.
  const bytes = await readBytes(path);
  const undecodable = (thrown: unknown): never =>
    raise(
      dataError(
        'unreadable',
        path,
        'picture',
        `${bytes.byteLength} bytes that do not decode (${oneLine(thrown)})`,
        'a whole JPEG or PNG',
      ),
    );
  if (bytes.byteLength === 0) undecodable('empty');
  // The header first: what it claims is what would be allocated.
  if (expected) {
    const { width, height } = await sharp(bytes).metadata().catch(undecodable);
    checkSize(path, width, height, expected);
  }
  const decoded = await sharp(bytes)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch(undecodable);
  const { width, height, channels } = decoded.info;
  if (channels !== 3)
    raise(dataError('malformed', path, 'channels', String(channels), '3 (red, green, blue)'));
  if (expected) checkSize(path, width, height, expected);
  const { data } = decoded;
  return image(width, height, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
};

/** libvips tells of every failure on the way, a line each. */
const oneLine = (thrown: unknown): string => String(thrown).replace(/\s+/g, ' ').trim();

const checkSize = (
  path: string,
  width: number | undefined,
  height: number | undefined,
  expected: { readonly width: number; readonly height: number },
): void => {
  if (width !== expected.width || height !== expected.height)
    raise(
      dataError(
        'mismatch',
        path,
        'size',
        `${width} x ${height}`,
        `${expected.width} x ${expected.height}, for which the camera is calibrated`,
      ),
    );
};

/**
 * Decodes a picture (JPEG, PNG, WebP, TIFF) to 8-bit RGB. Orientation tags are not applied: calibrations are made
 * for the pixels as they are stored.
 *
 * @returns shape [height, width, 3]; `missing-file`, or `unreadable` when it does not decode.
 */
export const readImage = (path: string): TaskEither<DataError, Image> => guard(() => loadImage(path));

/** Width and height from a picture's header; raises like `loadImage`. */
export const imageSize = async (path: string): Promise<{ width: number; height: number }> => {
  const noPicture = (): never =>
    raise(dataError('unreadable', path, 'header', 'no picture', 'a JPEG or PNG'));
  const bytes = await readBytes(path);
  if (bytes.byteLength === 0) noPicture();
  const { width, height } = await sharp(bytes).metadata().catch(noPicture);
  return { width, height };
};
