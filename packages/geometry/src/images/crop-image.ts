import type { Image } from '../types.js';
import { image } from './image.js';
import { checkRectangle, type Rectangle } from './rectangle.js';

/**
 * A part of an image, as an image of its own (a copy).
 *
 * @throws RangeError when the part is not inside the image.
 */
export const cropImage = (source: Image, part: Rectangle): Image => {
  const [height, width] = source.shape;
  checkRectangle(part, width, height);
  const row = part.width * 3;
  const pixels = new Uint8Array(part.height * row);
  for (let y = 0; y < part.height; y++) {
    const start = source.offset + ((part.top + y) * width + part.left) * 3;
    pixels.set(source.data.subarray(start, start + row), y * row);
  }
  return image(part.width, part.height, pixels);
};
