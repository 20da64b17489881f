import type { Random } from '@nerfseg/geometry';

/**
 * Draws indices without replacement until all were drawn, then shuffles anew: every scan is seen equally often.
 * The k-th draw depends on the generator's seed and k alone, so a resumed run continues the same sequence.
 */
export function indexSampler(indices: readonly number[], random: Random): (k: number) => number {
  if (indices.length === 0) throw new RangeError('indexSampler: no indices to draw from');
  let epoch = -1;
  let order: number[] = [];
  return (k) => {
    const wanted = Math.floor(k / indices.length);
    if (wanted !== epoch) {
      epoch = wanted;
      order = random.fork(`epoch ${epoch}`).shuffle([...indices]);
    }
    return order[k % indices.length]!;
  };
}
