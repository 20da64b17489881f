import type { SegmentMasks } from '@nerfseg/geometry';

/**
 * Which mask wins where masks overlap. `smallest`: the smaller area, so that parts (a wheel, a sign) stand out of the
 * wholes (a car, a facade) around them; `score`: the higher score.
 */
export type MaskPriority = 'smallest' | 'score';

/**
 * Flattens overlapping masks to one index per pixel: the winner by `priority` (default `smallest`), or -1 where no
 * mask lies. Segment-Anything answers a point with parts and wholes alike; the smaller mask is the purer one for
 * semantics, and the rest of the whole keeps its own index. Ties go to the lower index.
 *
 * @returns [H*W] index into `masks.masks`, or -1.
 */
export function toLabelMap(masks: SegmentMasks, priority: MaskPriority = 'smallest'): Int32Array {
  const labels = new Int32Array(masks.width * masks.height).fill(-1);
  const rank = priority === 'smallest' ? masks.area.map((a) => a) : masks.score.map((s) => -s);
  // Painted from the loser to the winner, so that the last one on a pixel is the right one.
  const order = masks.masks.map((_, m) => m).sort((a, b) => rank[b]! - rank[a]! || b - a);
  for (const m of order) {
    const runs = masks.masks[m]!;
    let at = 0;
    for (let r = 0; r < runs.length; r++) {
      const end = at + runs[r]!;
      if (r % 2 === 1) labels.fill(m, at, end);
      at = end;
    }
  }
  return labels;
}
