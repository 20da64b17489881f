import type { Image } from '@nerfseg/geometry';
import { blank, blend, type Color, fillRectangle } from './canvas.js';
import { background, faint } from './colors.js';
import { glyphHeight } from './glyphs.js';
import { drawText, textWidth } from './text.js';

/** A line through points; where y is undefined it is broken. */
export interface ChartLine {
  readonly color: Color;
  /** x and y, both 0 to 1. */
  readonly points: readonly (readonly [x: number, y: number | undefined])[];
}

export interface ChartOptions {
  readonly width: number;
  readonly height: number;
  /** What x is. */
  readonly xTitle: string;
  /** A thin vertical line here. */
  readonly marker?: number;
}

const left = 5 * 9;
const top = 6;
const right = 12;
const bottom = 2 * glyphHeight + 8;
const gridColor: Color = [44, 48, 58];

/** Lines over axes from 0 to 1, the vertical one in percent. */
export function lineChart(
  lines: readonly ChartLine[],
  { width, height, xTitle, marker }: ChartOptions,
): Image {
  const picture = blank(width, height, background);
  const across = width - left - right - 1;
  const down = height - top - bottom - 1;
  const xOf = (x: number): number => left + x * across;
  const yOf = (y: number): number => top + (1 - y) * down;
  for (let tick = 0; tick <= 5; tick++) {
    const [x, y] = [Math.round(xOf(tick / 5)), Math.round(yOf(tick / 5))];
    fillRectangle(picture, x, top, 1, down + 1, gridColor);
    fillRectangle(picture, left, y, across + 1, 1, gridColor);
    const percent = String(tick * 20);
    drawText(picture, left - 8 - textWidth(percent), y - (glyphHeight >> 1), percent, faint);
    const share = (tick / 5).toFixed(1);
    const middle = Math.min(width - textWidth(share), x - (textWidth(share) >> 1));
    drawText(picture, middle, top + down + 6, share, faint);
  }
  drawText(picture, left + ((across - textWidth(xTitle)) >> 1), top + down + 6 + glyphHeight, xTitle, faint);
  if (marker !== undefined) fillRectangle(picture, Math.round(xOf(marker)), top, 1, down + 1, faint);
  for (const { color, points } of lines) {
    // Gathered first: where strokes meet a pixel is coloured once.
    const inside = new Float32Array(width * height);
    let before: readonly [number, number] | undefined;
    for (const [x, y] of points) {
      const at = y === undefined ? undefined : ([xOf(x), yOf(y)] as const);
      if (at) addStroke(inside, width, before ?? at, at);
      before = at;
    }
    for (const [i, share] of inside.entries())
      if (share > 0) blend(picture, i % width, Math.floor(i / width), color, share);
  }
  return picture;
}

/** Half of a line's width, pixels. */
const radius = 1.1;

/** Adds a straight stroke with smooth edges to the share of every pixel that lies inside of a line. */
function addStroke(
  inside: Float32Array,
  width: number,
  [x0, y0]: readonly [number, number],
  [x1, y1]: readonly [number, number],
): void {
  const [dx, dy] = [x1 - x0, y1 - y0];
  const length = dx * dx + dy * dy;
  for (let y = Math.floor(Math.min(y0, y1) - 2); y <= Math.max(y0, y1) + 2; y++)
    for (let x = Math.floor(Math.min(x0, x1) - 2); x <= Math.max(x0, x1) + 2; x++) {
      if (x < 0 || y < 0 || x >= width || y * width >= inside.length) continue;
      const along = length === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / length;
      const t = Math.min(1, Math.max(0, along));
      const share = Math.min(1, radius + 0.5 - Math.hypot(x - x0 - t * dx, y - y0 - t * dy));
      inside[y * width + x] = Math.max(inside[y * width + x]!, share);
    }
}
