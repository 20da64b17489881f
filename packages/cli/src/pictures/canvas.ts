import { type Image, image } from '@nerfseg/geometry';

/** RGB, 0..255. */
export type Color = readonly [number, number, number];

/** A picture of one colour. */
export function blank(width: number, height: number, [r, g, b]: Color): Image {
  const picture = image(width, height);
  const { data } = picture;
  for (let i = 0; i < data.length; i += 3) {
    data[i] = r;
    data[i + 1] = g;
    data[i + 2] = b;
  }
  return picture;
}

export const widthOf = (picture: Image): number => picture.shape[1]!;
export const heightOf = (picture: Image): number => picture.shape[0]!;

/** Blends a colour over one pixel; outside of the picture nothing happens. */
export function blend(picture: Image, x: number, y: number, color: Color, opacity = 1): void {
  if (x < 0 || y < 0 || x >= widthOf(picture) || y >= heightOf(picture)) return;
  const at = (y * widthOf(picture) + x) * 3;
  const { data } = picture;
  // Stored in bytes, which cut off: a half makes it rounding.
  for (let c = 0; c < 3; c++) data[at + c] = data[at + c]! * (1 - opacity) + color[c]! * opacity + 0.5;
}

/** Fills a rectangle, clipped to the picture. */
export function fillRectangle(
  picture: Image,
  x: number,
  y: number,
  width: number,
  height: number,
  color: Color,
  opacity = 1,
): void {
  for (let row = y; row < y + height; row++)
    for (let column = x; column < x + width; column++) blend(picture, column, row, color, opacity);
}

/** Puts one picture into another, its corner at (x, y), clipped. */
export function place(target: Image, source: Image, x: number, y: number): void {
  const from = Math.max(0, -x);
  const to = Math.min(widthOf(source), widthOf(target) - x);
  if (to <= from) return;
  for (let row = Math.max(0, -y); row < heightOf(source) && row + y < heightOf(target); row++) {
    const start = (row * widthOf(source) + from) * 3;
    target.data.set(
      source.data.subarray(start, start + (to - from) * 3),
      ((row + y) * widthOf(target) + x + from) * 3,
    );
  }
}

/** Every pixel mixed with a colour: pictures step back so that what is drawn on them stands out. */
export function tinted(picture: Image, color: Color, opacity: number): Image {
  const out = image(widthOf(picture), heightOf(picture));
  for (let i = 0; i < out.data.length; i++)
    out.data[i] = picture.data[i]! * (1 - opacity) + color[i % 3]! * opacity + 0.5;
  return out;
}

/** A copy whose every source pixel becomes a block of `factor` x `factor`. */
export function enlarged(picture: Image, factor: number): Image {
  const width = widthOf(picture) * factor;
  const out = image(width, heightOf(picture) * factor);
  for (let y = 0; y < heightOf(out); y++)
    for (let x = 0; x < width; x++) {
      const from = (Math.floor(y / factor) * widthOf(picture) + Math.floor(x / factor)) * 3;
      const to = (y * width + x) * 3;
      for (let c = 0; c < 3; c++) out.data[to + c] = picture.data[from + c]!;
    }
  return out;
}

/** A copy shrunk by a whole factor: the mean of each block. Rows and columns that fill no block are dropped. */
export function shrunk(picture: Image, factor: number): Image {
  const width = Math.floor(widthOf(picture) / factor);
  const out = image(width, Math.floor(heightOf(picture) / factor));
  const area = factor * factor;
  for (let y = 0; y < heightOf(out); y++)
    for (let x = 0; x < width; x++)
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let dy = 0; dy < factor; dy++)
          for (let dx = 0; dx < factor; dx++)
            sum += picture.data[((y * factor + dy) * widthOf(picture) + x * factor + dx) * 3 + c]!;
        out.data[(y * width + x) * 3 + c] = sum / area + 0.5;
      }
  return out;
}
