import type { Segments } from './kernels.js';

/** Segments of several groups of rows as those of all rows, one group after the other: `segmentsOf` without sorting anew. */
export const concatSegments = (parts: readonly Segments[]): Segments => {
  const sum = (of: (part: Segments) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const count = sum((part) => part.count);
  const segmentOf = new Int32Array(sum((part) => part.segmentOf.length));
  const offsets = new Int32Array(count + 1);
  const order = new Int32Array(sum((part) => part.order.length));
  let row = 0;
  let segment = 0;
  let place = 0;
  for (const part of parts) {
    for (let n = 0; n < part.segmentOf.length; n++) {
      const s = part.segmentOf[n];
      segmentOf[row + n] = s < 0 ? -1 : segment + s;
    }
    for (let s = 0; s < part.count; s++) offsets[segment + s] = place + part.offsets[s];
    for (let p = 0; p < part.order.length; p++) order[place + p] = row + part.order[p];
    row += part.segmentOf.length;
    segment += part.count;
    place += part.order.length;
  }
  offsets[count] = place;
  return { count, segmentOf, offsets, order };
};
