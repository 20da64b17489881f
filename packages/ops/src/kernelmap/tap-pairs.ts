import type { KernelMap } from '../kernels.js';

/** The present pairs of a kernel map, tap by tap: those of tap t are offsets[t] .. offsets[t+1], ascending in output. */
export interface TapPairs {
  /** [taps+1] */
  readonly offsets: Int32Array;
  /** [pairs] */
  readonly input: Int32Array;
  /** [pairs] */
  readonly output: Int32Array;
  /** The tap that pairs every row with itself (a submanifold kernel's centre), or -1. */
  readonly identity: number;
}

const known = new WeakMap<KernelMap, TapPairs>();

/** The map's pairs by tap, made once per map: layers share their maps. */
export const tapPairs = (map: KernelMap): TapPairs => {
  const before = known.get(map);
  if (before) return before;
  const { taps, outRows, inputOf } = map;
  const offsets = new Int32Array(taps + 1);
  for (let n = 0; n < inputOf.length; n++) if (inputOf[n] >= 0) offsets[(n % taps) + 1]++;
  for (let t = 0; t < taps; t++) offsets[t + 1] += offsets[t];
  const next = offsets.slice(0, taps);
  const input = new Int32Array(offsets[taps]);
  const output = new Int32Array(offsets[taps]);
  let identity = map.inRows === outRows && outRows > 0 ? -2 : -1;
  for (let o = 0, n = 0; o < outRows; o++) {
    for (let t = 0; t < taps; t++, n++) {
      const i = inputOf[n];
      if (i < 0) continue;
      input[next[t]] = i;
      output[next[t]++] = o;
    }
  }
  for (let t = 0; t < taps && identity === -2; t++) {
    if (offsets[t + 1] - offsets[t] !== outRows) continue;
    let n = offsets[t];
    while (n < offsets[t + 1] && input[n] === output[n]) n++;
    if (n === offsets[t + 1]) identity = t;
  }
  const pairs = { offsets, input, output, identity: identity < 0 ? -1 : identity };
  known.set(map, pairs);
  return pairs;
};
