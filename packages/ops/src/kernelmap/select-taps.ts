import type { KernelMap } from '../kernels.js';
import { lazyKernelMap } from './lazy-kernel-map.js';

const columns = (pairs: Int32Array, width: number, chosen: readonly number[]): Int32Array => {
  const rows = pairs.length / width;
  const taps = chosen.length;
  const result = new Int32Array(rows * taps);
  for (let t = 0; t < taps; t++) {
    for (let row = 0, from = chosen[t], to = t; row < rows; row++, from += width, to += taps)
      result[to] = pairs[from];
  }
  return result;
};

/** The map of a kernel that has only some of another's taps, in the given order. Cheaper than looking up neighbours again. @throws RangeError for a tap that there is not. */
export const selectTaps = (map: KernelMap, chosen: readonly number[]): KernelMap => {
  const { inRows, outRows, parts } = map;
  for (const tap of chosen)
    if (!(Number.isInteger(tap) && tap >= 0 && tap < map.taps))
      throw new RangeError(`selectTaps: tap ${tap}, expected 0 to ${map.taps - 1}`);
  const size = { taps: chosen.length, inRows, outRows };
  const build = (): KernelMap => {
    const inputOf = columns(map.inputOf, map.taps, chosen);
    let pairs = 0;
    for (let i = 0; i < inputOf.length; i++) if (inputOf[i] >= 0) pairs++;
    return { ...size, inputOf, outputOf: columns(map.outputOf, map.taps, chosen), pairs };
  };
  if (!parts) return build();
  const selected = parts.map((part) => ({ ...part, taps: chosen.map((tap) => part.taps[tap]) }));
  return lazyKernelMap(size, selected, build, { from: map, taps: chosen });
};
