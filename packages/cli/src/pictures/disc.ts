import type { Image } from '@nerfseg/geometry';
import { blend, type Color, heightOf, widthOf } from './canvas.js';

/** Draws a filled, anti-aliased disc; (x, y) and the radius in pixels, pixel (0,0) covering 0..1. */
export function drawDisc(
  picture: Image,
  x: number,
  y: number,
  radius: number,
  color: Color,
  opacity = 1,
): void {
  const { data } = picture;
  const width = widthOf(picture);
  const reach = radius + 0.5;
  const top = Math.max(0, Math.floor(y - reach));
  const bottom = Math.min(heightOf(picture), Math.ceil(y + reach));
  const left = Math.max(0, Math.floor(x - reach));
  const right = Math.min(width, Math.ceil(x + reach));
  // A sweep is a hundred thousand discs: this is the inner loop of every picture.
  for (let row = top; row < bottom; row++) {
    const dy = row + 0.5 - y;
    for (let column = left; column < right; column++) {
      const dx = column + 0.5 - x;
      const cover = reach - Math.sqrt(dx * dx + dy * dy);
      if (cover <= 0) continue;
      const over = cover < 1 ? cover * opacity : opacity;
      const at = (row * width + column) * 3;
      for (let c = 0; c < 3; c++) data[at + c] = data[at + c]! * (1 - over) + color[c]! * over + 0.5;
    }
  }
}

/** Draws a circle's outline, one pixel wide. */
export function drawCircle(
  picture: Image,
  x: number,
  y: number,
  radius: number,
  color: Color,
  opacity = 1,
): void {
  // Dots along it, closer than a pixel; each pixel once, so that the line is even.
  const steps = Math.ceil(2 * Math.PI * radius * 2);
  let last = -1;
  for (let i = 0; i < steps; i++) {
    const angle = (i / steps) * 2 * Math.PI;
    const column = Math.floor(x + radius * Math.cos(angle));
    const row = Math.floor(y + radius * Math.sin(angle));
    const pixel = row * widthOf(picture) + column;
    if (pixel !== last) blend(picture, column, row, color, opacity);
    last = pixel;
  }
}
