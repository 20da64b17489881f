import { type ArrayAllocator, freshArrays } from '../arrays.js';

/** Occupied cells and the row of each point's cell among them. */
export interface OccupiedRows {
  /** [V*3] cell indices, ascending by linear index. */
  readonly coords: Int32Array;
  /** [N] row of each point's cell, or -1. */
  readonly rowOfPoint: Int32Array;
}

/**
 * Numbers the distinct cells in ascending order with a bitmap over the grid: a bit per cell, and before each word
 * the count of bits set so far, so that a cell's row is that count plus the bits below it. Neither hashes nor sorts.
 *
 * @param cellOfPoint [N] linear cell index, or -1 for none; reused as the result's `rowOfPoint`.
 */
export const occupiedRows = (
  cellOfPoint: Int32Array,
  shape: readonly [number, number, number],
  arrays: ArrayAllocator = freshArrays,
): OccupiedRows => {
  const map = bitmap(Math.ceil((shape[0] * shape[1] * shape[2]) / 32));
  for (let n = 0; n < cellOfPoint.length; n++) {
    const cell = cellOfPoint[n];
    if (cell >= 0) map[(cell >>> 5) << 1] |= 1 << (cell & 31);
  }
  let rows = 0;
  for (let w = 0; w < map.length; w += 2) {
    map[w + 1] = rows;
    if (map[w] !== 0) rows += bitCount(map[w]);
  }
  const coords = coordsOfBits(map, arrays.int32(rows * 3), shape);
  for (let n = 0; n < cellOfPoint.length; n++) {
    const cell = cellOfPoint[n];
    if (cell < 0) continue;
    const word = (cell >>> 5) << 1;
    cellOfPoint[n] = map[word + 1] + bitCount(map[word] & ((1 << (cell & 31)) - 1));
  }
  return { coords, rowOfPoint: cellOfPoint };
};

const coordsOfBits = (
  map: Int32Array,
  coords: Int32Array,
  shape: readonly [number, number, number],
): Int32Array => {
  const [, phiCells, zCells] = shape;
  // Cells ascend: i and j are counted along, since dividing would take longer.
  let i = 0;
  let j = 0;
  let column = 0;
  for (let w = 0, c = 0; w < map.length; w += 2)
    for (let rest = map[w]; rest !== 0; rest &= rest - 1, c += 3) {
      const cell = w * 16 + 31 - Math.clz32(rest & -rest);
      for (; cell - column >= zCells; column += zCells)
        if (++j === phiCells) {
          j = 0;
          i++;
        }
      coords[c] = i;
      coords[c + 1] = j;
      coords[c + 2] = cell - column;
    }
  return coords;
};

let kept = new Int32Array(0);

/**
 * An empty bitmap, 32 cells in every even word and room for the count before them in the odd one beside it: that of the
 * last call where it fits, since scans come on one grid.
 */
const bitmap = (words: number): Int32Array => {
  if (kept.length === words * 2) kept.fill(0);
  else kept = new Int32Array(words * 2);
  return kept;
};

/** Bits set in a 32-bit word (Hacker's Delight, figure 5-2). */
const bitCount = (word: number): number => {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};
