import type { Random } from '@nerfseg/geometry';

/**
 * Which points stay when each is dropped with the same probability, independently of the others. One random number
 * per dropped point: what is drawn is the length of the run until the next (geometrically distributed).
 *
 * @param count points.
 * @param share 0 <= share < 1.
 * @returns ascending indices of those that stay, at least one of any.
 */
export const pointsKept = (count: number, share: number, random: Random): Int32Array => {
  if (!(share >= 0 && share < 1)) throw new RangeError(`pointsKept: a share of ${share}`);
  const kept = new Int32Array(count);
  if (share === 0) return kept.map((_, i) => i);
  const logStay = Math.log1p(-share);
  let stay = 0;
  for (let i = 0; i < count; i++) {
    // 1 - next() is in (0, 1].
    const dropped = Math.min(count, i + Math.floor(Math.log(1 - random.next()) / logStay));
    while (i < dropped) kept[stay++] = i++;
  }
  return stay > 0 || count === 0 ? kept.slice(0, stay) : Int32Array.of(random.int(count));
};
