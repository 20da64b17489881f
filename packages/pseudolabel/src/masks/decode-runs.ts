import type { RunLengths } from '@nerfseg/geometry';

/**
 * The bitmap of a run-length encoded mask.
 *
 * @param runs as {@link encodeRuns} makes them.
 * @param size H*W.
 * @returns [H*W] 1 inside the mask, 0 outside.
 * @throws RangeError when the runs do not sum to `size`.
 */
export function decodeRuns(runs: RunLengths, size: number): Uint8Array {
  const bitmap = new Uint8Array(size);
  let at = 0;
  for (let r = 0; r < runs.length; r++) {
    const end = at + runs[r]!;
    if (end > size) break;
    if (r % 2 === 1) bitmap.fill(1, at, end);
    at = end;
  }
  if (at !== size || runs.reduce((sum, run) => sum + run, 0) !== size)
    throw new RangeError(`decodeRuns: the runs do not sum to ${size}`);
  return bitmap;
}
