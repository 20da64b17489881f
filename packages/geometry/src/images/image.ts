import ndarray from 'ndarray';
import type { Image } from '../types.js';

/**
 * An RGB image, shape [height, width, 3].
 *
 * @param data width * height * 3 bytes, row by row, used without a copy; black when left out.
 * @throws RangeError when the sizes are not positive integers or `data` has another length.
 */
export const image = (width: number, height: number, data?: Uint8Array): Image => {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0))
    throw new RangeError(`image: ${width} x ${height} is not a size`);
  const pixels = data ?? new Uint8Array(width * height * 3);
  if (pixels.length !== width * height * 3)
    throw new RangeError(`image: ${pixels.length} bytes, not ${width} x ${height} x 3`);
  return ndarray(pixels, [height, width, 3]);
};
