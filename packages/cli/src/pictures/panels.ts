import type { Image } from '@nerfseg/geometry';
import { blank, heightOf, place, widthOf } from './canvas.js';
import { background, faint, ink } from './colors.js';
import { glyphHeight } from './glyphs.js';
import { drawText, textWidth } from './text.js';

export interface Panel {
  readonly title: string;
  readonly picture: Image;
}

const margin = 8;
const titleHeight = glyphHeight + 6;

/**
 * Pictures side by side, `columns` to a row, each under its title, under a heading and above any number of strips
 * (legends, scales).
 *
 * @param strips made for the page's width.
 */
export function page(
  heading: string,
  panels: readonly Panel[],
  columns: number,
  strips: (width: number) => readonly Image[] = () => [],
): Image {
  const rows: Panel[][] = [];
  for (let i = 0; i < panels.length; i += columns) rows.push(panels.slice(i, i + columns));
  const rowWidth = (row: readonly Panel[]): number =>
    row.reduce((sum, { picture }) => sum + widthOf(picture) + margin, margin);
  const titled = (row: readonly Panel[]): number => (row.some(({ title }) => title !== '') ? titleHeight : 0);
  const rowHeight = (row: readonly Panel[]): number =>
    titled(row) + Math.max(...row.map(({ picture }) => heightOf(picture))) + margin;
  const width = Math.max(...rows.map(rowWidth), textWidth(heading) + 2 * margin);
  const below = strips(width);
  const top = heading === '' ? margin : titleHeight + margin;
  const height =
    top +
    rows.reduce((sum, row) => sum + rowHeight(row), 0) +
    below.reduce((sum, strip) => sum + heightOf(strip), 0);
  const sheet = blank(width, height + (below.length > 0 ? 4 : 0), background);
  if (heading !== '') drawText(sheet, margin, margin, heading, ink);
  let y = top;
  for (const row of rows) {
    let x = margin;
    for (const { title, picture } of row) {
      drawText(sheet, x, y, title.slice(0, Math.floor(widthOf(picture) / 9)), faint);
      place(sheet, picture, x, y + titled(row));
      x += widthOf(picture) + margin;
    }
    y += rowHeight(row);
  }
  for (const strip of below) {
    place(sheet, strip, 0, y);
    y += heightOf(strip);
  }
  return sheet;
}
