import { type Image, image } from '@nerfseg/geometry';
import { blank, type Color, fillRectangle, heightOf, place, widthOf } from './canvas.js';
import { background, ink } from './colors.js';
import { glyphHeight } from './glyphs.js';
import { drawText, textWidth } from './text.js';

export interface LegendEntry {
  readonly name: string;
  readonly color: Color;
}

const swatch = 14;
const gap = 18;

/** Swatches with names in rows, as wide as asked and as high as they need. */
export function legend(entries: readonly LegendEntry[], width: number): Image {
  const rowHeight = glyphHeight + 6;
  const at: { x: number; y: number; entry: LegendEntry }[] = [];
  let x = 8;
  let y = 4;
  for (const entry of entries) {
    const needed = swatch + 6 + textWidth(entry.name);
    if (x > 8 && x + needed > width - 8) {
      x = 8;
      y += rowHeight;
    }
    at.push({ x, y, entry });
    x += needed + gap;
  }
  const picture = blank(width, entries.length === 0 ? 1 : y + rowHeight + 2, background);
  for (const { x: left, y: top, entry } of at) {
    fillRectangle(picture, left, top + 3, swatch, swatch, entry.color);
    drawText(picture, left + swatch + 6, top, entry.name, ink);
  }
  return picture;
}

/** Entries of the classes that occur; class 0 is 'unlabelled'. */
export function legendOf(
  names: readonly string[],
  colors: readonly Color[],
  classes: Iterable<number>,
): LegendEntry[] {
  const present = [...new Set(classes)].sort((a, b) => a - b);
  const labelled = present.filter((id) => id !== 0);
  return [...labelled, ...present.filter((id) => id === 0)].map((id) => ({
    name: id === 0 ? 'unlabelled' : names[id]!,
    color: colors[id]!,
  }));
}

/** A bar of a colour scale with the values at its ends. */
export function scaleBar(low: string, high: string, colorAt: (share: number) => Color, width: number): Image {
  const picture = blank(width, glyphHeight + 8, background);
  const left = 8 + textWidth(low) + 8;
  const length = Math.max(1, Math.min(240, width - left - 16 - textWidth(high)));
  const bar = image(length, 12);
  for (let x = 0; x < length; x++) fillRectangle(bar, x, 0, 1, 12, colorAt(x / Math.max(1, length - 1)));
  drawText(picture, 8, 4, low, ink);
  place(picture, bar, left, Math.floor((heightOf(picture) - heightOf(bar)) / 2));
  drawText(picture, left + widthOf(bar) + 8, 4, high, ink);
  return picture;
}
