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
  const words = Math.ceil((shape[0] * shape[1] * shape[2]) / 32);
  const { bits, rowsBefore } = bitmap(words);
  for (let n = 0; n < cellOfPoint.length; n++) {
    const cell = cellOfPoint[n];
    if (cell >= 0) bits[cell >>> 5] |= 1 << (cell & 31);
  }
  let rows = 0;
  for (let w = 0; w < words; w++) {
    rowsBefore[w] = rows;
    if (bits[w] !== 0) rows += bitCount(bits[w]);
  }
  for (let n = 0; n < cellOfPoint.length; n++) {
    const cell = cellOfPoint[n];
    if (cell < 0) continue;
    const word = cell >>> 5;
    cellOfPoint[n] = rowsBefore[word] + bitCount(bits[word] & ((1 << (cell & 31)) - 1));
  }
  return { coords: coordsOfBits(bits, arrays.int32(rows * 3), shape), rowOfPoint: cellOfPoint };
};

const coordsOfBits = (
  bits: Int32Array,
  coords: Int32Array,
  shape: readonly [number, number, number],
): Int32Array => {
  const [, phiCells, zCells] = shape;
  for (let w = 0, c = 0; w < bits.length; w++)
    for (let rest = bits[w]; rest !== 0; rest &= rest - 1, c += 3) {
      const cell = w * 32 + 31 - Math.clz32(rest & -rest);
      const column = (cell / zCells) | 0;
      const i = (column / phiCells) | 0;
      coords[c] = i;
      coords[c + 1] = column - i * phiCells;
      coords[c + 2] = cell - column * zCells;
    }
  return coords;
};

let kept = { bits: new Int32Array(0), rowsBefore: new Int32Array(0) };

/** An empty bitmap and the counts beside it: those of the last call where they fit, since scans come on one grid. */
const bitmap = (words: number): typeof kept => {
  if (kept.bits.length === words) kept.bits.fill(0);
  else kept = { bits: new Int32Array(words), rowsBefore: new Int32Array(words) };
  return kept;
};

/** Bits set in a 32-bit word (Hacker's Delight, figure 5-2). */
const bitCount = (word: number): number => {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};
