import type { RunLengths } from '@nerfseg/geometry';

/**
 * Run-length encodes a bitmap in row-major order, starting with a (possibly empty) run of zeros.
 * This is COCO's uncompressed RLE, but row by row where COCO goes column by column.
 *
 * @param bitmap [H*W] nonzero inside the mask.
 * @returns run lengths of zeros, ones, zeros, ...; they sum to `bitmap.length`.
 */
export function encodeRuns(bitmap: ArrayLike<number>): RunLengths {
  const runs: number[] = [];
  let inside = false;
  let start = 0;
  for (let i = 0; i < bitmap.length; i++) {
    if ((bitmap[i] !== 0) === inside) continue;
    runs.push(i - start);
    start = i;
    inside = !inside;
  }
  runs.push(bitmap.length - start);
  return Uint32Array.from(runs);
}
