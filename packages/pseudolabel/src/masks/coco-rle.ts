import { type DataError, dataError, type RunLengths } from '@nerfseg/geometry';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { compressCounts, expandCounts } from './coco-counts.js';
import { decodeRuns } from './decode-runs.js';
import { encodeRuns } from './encode-runs.js';

/** More than any camera's picture, and little enough for a bitmap of a byte a pixel. */
const MOST_PIXELS = 2 ** 30;

/** A mask as COCO's tools write it: counts run column by column (pycocotools, `maskApi.c`). */
export interface CocoRle {
  /** Height and width. */
  readonly size: readonly [height: number, width: number];
  /** Run lengths, zeros first; or the same in COCO's compressed text. */
  readonly counts: readonly number[] | string;
}

/**
 * A mask in COCO's form.
 *
 * @param runs row by row, as everywhere in this package.
 * @param compressed write the counts as text, as pycocotools' own masks are.
 * @throws RangeError when the runs do not sum to width * height.
 */
export function toCocoRle(runs: RunLengths, width: number, height: number, compressed = true): CocoRle {
  const counts = encodeRuns(transpose(decodeRuns(runs, width * height), width, height));
  return { size: [height, width], counts: compressed ? compressCounts(counts) : [...counts] };
}

/**
 * Reads a mask in either of COCO's forms.
 *
 * @param source names it in the error.
 * @returns its size and its runs row by row.
 */
export function fromCocoRle(
  rle: CocoRle,
  source = 'COCO mask',
): Either<DataError, { readonly width: number; readonly height: number; readonly runs: RunLengths }> {
  // It may come from a file, and be anything.
  if (typeof rle !== 'object' || rle === null)
    return left(dataError('malformed', source, 'mask', String(rle), 'size and counts'));
  const size: readonly number[] = Array.isArray(rle.size) ? rle.size : [];
  const [height = -1, width = -1] = size;
  const isSize = (side: number): boolean => Number.isInteger(side) && side >= 0;
  if (size.length !== 2 || !isSize(height) || !isSize(width))
    return left(dataError('malformed', source, 'size', `${JSON.stringify(rle.size)}`, '[height, width]'));
  if (height * width > MOST_PIXELS)
    return left(
      dataError('out-of-range', source, 'size', `[${height}, ${width}]`, `at most ${MOST_PIXELS} pixels`),
    );
  if (typeof rle.counts !== 'string' && !Array.isArray(rle.counts))
    return left(dataError('malformed', source, 'counts', typeof rle.counts, 'run lengths, or their text'));
  const counts = typeof rle.counts === 'string' ? expandCounts(rle.counts, source) : right(rle.counts);
  if (isLeft(counts)) return counts;
  const wrong = counts.right.find((count) => !Number.isInteger(count) || count < 0);
  if (wrong !== undefined)
    return left(dataError('malformed', source, 'counts', String(wrong), 'whole numbers from 0'));
  const total = counts.right.reduce((sum, count) => sum + count, 0);
  if (total !== width * height)
    return left(dataError('mismatch', source, 'counts', `a sum of ${total}`, `${height} x ${width} pixels`));
  const columns = decodeRuns(Uint32Array.from(counts.right), width * height);
  return right({ width, height, runs: encodeRuns(transpose(columns, height, width)) });
}

/** [height*width] row by row to column by column. */
function transpose(bitmap: Uint8Array, width: number, height: number): Uint8Array {
  const turned = new Uint8Array(bitmap.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) turned[x * height + y] = bitmap[y * width + x]!;
  return turned;
}
