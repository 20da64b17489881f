import type { PackedRays } from '@nerfseg/ops';

/** What of each sample's length lies before a return, and what at it. */
export interface SplitLengths {
  /** [S] metres: delta where the sample lies before the return's window, else 0. */
  readonly free: Float32Array;
  /** [S] metres: delta where the sample lies in the window, or its own interval holds the return, else 0. */
  readonly hit: Float32Array;
}

/**
 * Splits samples at a known range per ray. A sample counts as a whole, by its t: shared out by length, a surface's sample
 * that begins just before the window would be pushed to be empty and opaque at once.
 *
 * @param range [R] metres.
 * @param window half width in metres at a range.
 */
export const splitAtReturn = (
  samples: PackedRays,
  range: Float32Array,
  window: (range: number) => number,
): SplitLengths => {
  const { rayOffsets, t, delta } = samples;
  const rays = rayOffsets.length - 1;
  if (range.length !== rays) throw new RangeError(`range: found ${range.length} values, expected ${rays}`);
  const free = new Float32Array(t.length);
  const hit = new Float32Array(t.length);
  for (let r = 0; r < rays; r++) {
    const half = window(range[r]);
    for (let s = rayOffsets[r]; s < rayOffsets[r + 1]; s++) {
      const ahead = range[r] - t[s];
      if (Math.abs(ahead) <= Math.max(half, delta[s] / 2)) hit[s] = delta[s];
      else if (ahead > 0) free[s] = delta[s];
    }
  }
  return { free, hit };
};
