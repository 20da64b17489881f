import type { RunLengths } from '@nerfseg/geometry';

const sizeOf = (runs: RunLengths): number => runs.reduce((sum, run) => sum + run, 0);

/**
 * Intersection over union of two masks of one picture, without decoding them. 0 when both are empty.
 *
 * @throws RangeError when the masks cover pictures of different sizes.
 */
export function maskIou(a: RunLengths, b: RunLengths): number {
  const size = sizeOf(a);
  if (sizeOf(b) !== size) throw new RangeError('maskIou: the masks belong to pictures of different sizes');
  let [i, j, at, both, either] = [0, 0, 0, 0, 0];
  let [endA, endB] = [a[0] ?? 0, b[0] ?? 0];
  while (at < size) {
    while (endA === at) endA += a[++i]!;
    while (endB === at) endB += b[++j]!;
    const end = Math.min(endA, endB);
    if (i & j & 1) both += end - at;
    if ((i | j) & 1) either += end - at;
    at = end;
  }
  return either === 0 ? 0 : both / either;
}
