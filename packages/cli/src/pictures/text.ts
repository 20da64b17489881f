import type { Image } from '@nerfseg/geometry';
import { blend, type Color } from './canvas.js';
import { glyphHeight, glyphs, glyphWidth } from './glyphs.js';

/** [width * height] 0..1, decoded when first asked for. */
const coverage = new Map<string, Float32Array>();

function coverageOf(character: string): Float32Array {
  const known = coverage.get(character);
  if (known) return known;
  const packed = Buffer.from(glyphs.get(character) ?? glyphs.get('?') ?? '', 'base64');
  const cells = new Float32Array(glyphWidth * glyphHeight);
  for (let i = 0; i < cells.length; i++)
    cells[i] = (i & 1 ? packed[i >> 1]! & 15 : packed[i >> 1]! >> 4) / 15;
  coverage.set(character, cells);
  return cells;
}

/** Pixels that a line of text takes. */
export const textWidth = (text: string): number => [...text].length * glyphWidth;

/** Draws one line of text, its top left corner at (x, y). Characters without a glyph become question marks. */
export function drawText(picture: Image, x: number, y: number, text: string, color: Color): void {
  let left = x;
  for (const character of text) {
    const cells = coverageOf(character);
    for (let i = 0; i < cells.length; i++)
      if (cells[i]! > 0)
        blend(picture, left + (i % glyphWidth), y + Math.floor(i / glyphWidth), color, cells[i]!);
    left += glyphWidth;
  }
}
