import type { Image } from '@nerfseg/geometry';
import { blend, type Color } from './canvas.js';

/** Draws a filled, anti-aliased disc; (x, y) and the radius in pixels, pixel (0,0) covering 0..1. */
export function drawDisc(
  picture: Image,
  x: number,
  y: number,
  radius: number,
  color: Color,
  opacity = 1,
): void {
  const top = Math.floor(y - radius - 0.5);
  const bottom = Math.ceil(y + radius + 0.5);
  const left = Math.floor(x - radius - 0.5);
  const right = Math.ceil(x + radius + 0.5);
  for (let row = top; row < bottom; row++)
    for (let column = left; column < right; column++) {
      const distance = Math.hypot(column + 0.5 - x, row + 0.5 - y);
      const cover = Math.min(1, radius + 0.5 - distance);
      if (cover > 0) blend(picture, column, row, color, cover * opacity);
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
  for (let row = Math.floor(y - radius - 1); row <= y + radius + 1; row++)
    for (let column = Math.floor(x - radius - 1); column <= x + radius + 1; column++) {
      const cover = 1 - Math.abs(Math.hypot(column + 0.5 - x, row + 0.5 - y) - radius);
      if (cover > 0) blend(picture, column, row, color, cover * opacity);
    }
}
