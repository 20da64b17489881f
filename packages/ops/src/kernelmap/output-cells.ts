import { type AxisTaps, countPairs } from './axis-taps.js';
import type { GridShape } from './linear-indices.js';

/** Grids up to so many cells are marked in a bitmap (of 16 MiB). */
const bitmapCells = 2 ** 27;

/** The cells that any input reaches, ascending. */
export const outputCells = (
  coords: Int32Array,
  [ra, pa, za]: readonly AxisTaps[],
  [or, op, oz]: GridShape,
): Int32Array => {
  const reached = (visit: (cell: number) => void): void => {
    for (let at = 0; at < coords.length; at += 3) {
      const [r, p, z] = [coords[at], coords[at + 1], coords[at + 2]];
      for (let a = ra.offsets[r]; a < ra.offsets[r + 1]; a++) {
        for (let b = pa.offsets[p]; b < pa.offsets[p + 1]; b++) {
          const row = (ra.outputs[a] * op + pa.outputs[b]) * oz;
          for (let c = za.offsets[z]; c < za.offsets[z + 1]; c++) visit(row + za.outputs[c]);
        }
      }
    }
  };
  if (or * op * oz > bitmapCells) {
    const all = new Int32Array(countPairs(coords, [ra, pa, za]));
    let length = 0;
    reached((cell) => {
      all[length++] = cell;
    });
    return all.sort().filter((cell, n) => n === 0 || cell !== all[n - 1]);
  }
  const marks = new Uint32Array(Math.ceil((or * op * oz) / 32));
  let count = 0;
  reached((cell) => {
    const bit = 1 << (cell & 31);
    if ((marks[cell >> 5] & bit) !== 0) return;
    marks[cell >> 5] |= bit;
    count++;
  });
  const cells = new Int32Array(count);
  let found = 0;
  for (let word = 0; found < count; word++) {
    for (let rest = marks[word]; rest !== 0; rest &= rest - 1) {
      cells[found++] = word * 32 + 31 - Math.clz32(rest & -rest);
    }
  }
  return cells;
};
