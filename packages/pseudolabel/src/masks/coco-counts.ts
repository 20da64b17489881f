import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** Counts from the fourth on are written as the difference to the one two before. */
const PLAIN = 3;
/** The character of a group of five bits; a sixth says that more follow. */
const FIRST_CHARACTER = 48;
const MORE = 32;
const SIGN = 16;

/**
 * COCO's compressed text of run lengths: numbers in groups of five bits, lowest first, as characters 48 to 111
 * (pycocotools, `rleToString`).
 */
export function compressCounts(counts: ArrayLike<number>): string {
  let text = '';
  for (let i = 0; i < counts.length; i++) {
    let rest = counts[i]! - (i < PLAIN ? 0 : counts[i - 2]!);
    for (let more = true; more; ) {
      const group = rest & 31;
      rest >>= 5;
      more = (group & SIGN) !== 0 ? rest !== -1 : rest !== 0;
      text += String.fromCharCode(FIRST_CHARACTER + group + (more ? MORE : 0));
    }
  }
  return text;
}

/** The run lengths in COCO's compressed text (`rleFrString`). */
export function expandCounts(text: string, source: string): Either<DataError, number[]> {
  const counts: number[] = [];
  for (let at = 0; at < text.length; ) {
    let [value, shift] = [0, 0];
    for (let more = true; more; at++) {
      const code = text.charCodeAt(at) - FIRST_CHARACTER;
      if (!(code >= 0 && code < 2 * MORE) || shift > 30) {
        const found = at < text.length ? `'${text[at]}'` : 'the end';
        return left(
          dataError('malformed', source, `counts, character ${at}`, found, "COCO's compressed counts"),
        );
      }
      value += (code & 31) * 2 ** shift;
      shift += 5;
      more = (code & MORE) !== 0;
      if (!more && (code & SIGN) !== 0) value -= 2 ** shift;
    }
    counts.push(value + (counts.length < PLAIN ? 0 : counts[counts.length - 2]!));
  }
  return right(counts);
}
