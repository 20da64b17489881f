import { type Image, image, type SegmentMasks } from '@nerfseg/geometry';
import { toLabelMap } from '@nerfseg/pseudolabel';
import { type Color, heightOf, widthOf } from './canvas.js';
import { segmentColor } from './colors.js';

/**
 * Masks over their picture: each pixel tinted by its smallest mask's colour, a light line where two masks meet.
 *
 * @param colorOf colour of mask m; undefined leaves its pixels as they are. Default: a different colour for each.
 */
export function drawMasks(
  picture: Image,
  masks: SegmentMasks,
  colorOf: (mask: number) => Color | undefined = segmentColor,
  opacity = 0.55,
): Image {
  const width = widthOf(picture);
  const height = heightOf(picture);
  const out = image(width, height, Uint8Array.from(picture.data));
  const labels = toLabelMap(masks);
  for (let i = 0; i < labels.length; i++) {
    const mask = labels[i]!;
    const x = i % width;
    const border =
      (x + 1 < width && labels[i + 1] !== mask) || (i + width < labels.length && labels[i + width] !== mask);
    const color = mask < 0 ? undefined : colorOf(mask);
    for (let c = 0; c < 3; c++) {
      const under = picture.data[i * 3 + c]!;
      const over = color ? Math.round(under * (1 - opacity) + color[c]! * opacity) : Math.round(under * 0.7);
      out.data[i * 3 + c] = border ? Math.round(over * 0.4 + 255 * 0.6) : over;
    }
  }
  return out;
}
