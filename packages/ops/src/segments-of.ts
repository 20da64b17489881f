import type { Segments } from './kernels.js';

/**
 * Groups rows by segment with a counting sort.
 *
 * @param segmentOf [N] segment of each row, 0 .. count - 1, or -1 for a row that takes no part.
 */
export const segmentsOf = (segmentOf: Int32Array, count: number): Segments => {
  const offsets = new Int32Array(count + 1);
  for (let n = 0; n < segmentOf.length; n++) {
    const segment = segmentOf[n];
    if (segment < -1 || segment >= count) {
      throw new RangeError(`row ${n}: segment ${segment}, expected -1 or 0 .. ${count - 1}`);
    }
    if (segment >= 0) offsets[segment + 1]++;
  }
  for (let s = 0; s < count; s++) offsets[s + 1] += offsets[s];
  const next = offsets.slice(0, count);
  const order = new Int32Array(offsets[count]);
  for (let n = 0; n < segmentOf.length; n++) if (segmentOf[n] >= 0) order[next[segmentOf[n]]++] = n;
  return { count, segmentOf, offsets, order };
};
