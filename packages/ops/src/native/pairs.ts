import type { KernelMap, KernelMapPart } from '../kernels.js';
import type { NativeAddon, PairArguments } from './addon.js';

interface Lists {
  forward?: PairArguments;
  inverse?: PairArguments;
}

const cache = new WeakMap<KernelMap, Lists>();

/** Output rows per task: enough tasks to balance the threads, blocks that stay in a core's cache. */
const blockRows = (rows: number, threads: number): number =>
  Math.min(2048, Math.max(96, Math.ceil(rows / (threads * 8))));

/** Lists the pairs: from coordinates where the map tells them, so that its tables are never made; else from its table. */
const build = (addon: NativeAddon, map: KernelMap, inverse: boolean): PairArguments => {
  const { taps, parts } = map;
  const rows = inverse ? map.inRows : map.outRows;
  const inputRows = inverse ? map.outRows : map.inRows;
  const block = blockRows(rows, addon.threads(0));
  const list = parts
    ? addon.partPairs(
        inverse ? 1 : 0,
        rows,
        taps,
        inputRows,
        block,
        parts.length,
        numbersOf(parts),
        parts.flatMap(({ inCoords, outCoords }) => [inCoords, outCoords]),
      )
    : addon.pairList(rows, taps, inputRows, block, inverse ? map.outputOf : map.inputOf);
  const start = taps * (Math.ceil(rows / block) + 1);
  const middle = start + (list.length - start) / 2;
  return withFullTap(
    taps,
    rows,
    inputRows,
    block,
    list.subarray(0, start),
    list.subarray(start, middle),
    list.subarray(middle),
  );
};

const numbersOf = (parts: readonly KernelMapPart[]): Int32Array =>
  Int32Array.from(
    parts.flatMap(({ inShape, outShape, stride, padding, wrapAzimuth, taps }) => [
      ...inShape,
      ...outShape,
      ...stride,
      ...padding,
      wrapAzimuth ? 1 : 0,
      ...taps.flat(),
    ]),
  );

/** Adds the first tap that has a pair for every row, or -1. */
const withFullTap = (
  ...[taps, rows, inputRows, block, offsets, from, to]: readonly [
    ...[number, number, number, number],
    ...[Int32Array, Int32Array, Int32Array],
  ]
): PairArguments => {
  const stride = Math.ceil(rows / block) + 1;
  let fullTap = -1;
  for (let t = 0; t < taps && fullTap < 0; t++)
    if (offsets[(t + 1) * stride - 1] - offsets[t * stride] === rows) fullTap = t;
  return [taps, rows, inputRows, block, offsets, from, to, fullTap];
};

/**
 * Of every tap the one that leads back, where a map's outputs are its inputs: if o reads i through tap t, i reads o through
 * its mirror image. Undefined where a tap has none.
 */
const mirroredTaps = ({ taps, parts }: KernelMap): number[] | undefined => {
  if (!parts || parts.length === 0) return undefined;
  let mirrored: number[] | undefined;
  for (const part of parts) {
    if (part.inCoords !== part.outCoords || part.stride.some((step) => step !== 1)) return undefined;
    const back = part.taps.map((tap) =>
      part.taps.findIndex((other) => other.every((k, axis) => k + tap[axis] === 2 * part.padding[axis])),
    );
    if (back.length !== taps || back.includes(-1)) return undefined;
    mirrored ??= back;
    if (mirrored.some((tap, t) => tap !== back[t])) return undefined;
  }
  return mirrored;
};

/** A list with some of its taps, in any order: the pairs stay where they are. */
const reordered = (
  [, rows, inputRows, block, offsets, from, to]: PairArguments,
  order: readonly number[],
): PairArguments => {
  const stride = Math.ceil(rows / block) + 1;
  const moved = new Int32Array(order.length * stride);
  for (const [t, source] of order.entries())
    moved.set(offsets.subarray(source * stride, (source + 1) * stride), t * stride);
  return withFullTap(order.length, rows, inputRows, block, moved, from, to);
};

/** The pairs of a kernel map in one direction, by tap and output row: built on first use, kept as long as the map. */
export const pairsOf = (addon: NativeAddon, map: KernelMap, inverse: boolean): PairArguments => {
  let lists = cache.get(map);
  if (!lists) {
    lists = {};
    cache.set(map, lists);
  }
  const which = inverse ? 'inverse' : 'forward';
  lists[which] ??= find(addon, map, inverse);
  return lists[which];
};

/** The list, out of another one where that has the same pairs. */
const find = (addon: NativeAddon, map: KernelMap, inverse: boolean): PairArguments => {
  const { selected } = map;
  if (selected) return reordered(pairsOf(addon, selected.from, inverse), selected.taps);
  const mirrored = inverse ? mirroredTaps(map) : undefined;
  return mirrored ? reordered(pairsOf(addon, map, false), mirrored) : build(addon, map, inverse);
};
