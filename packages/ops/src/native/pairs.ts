import type { KernelMap } from '../kernels.js';
import type { NativeAddon, PairArguments } from './addon.js';

interface Lists {
  forward?: PairArguments;
  inverse?: PairArguments;
}

const cache = new WeakMap<KernelMap, Lists>();

/** Output rows per task: enough tasks to balance the threads, blocks that stay in a core's cache. */
const blockRows = (rows: number, threads: number): number =>
  Math.min(2048, Math.max(96, Math.ceil(rows / (threads * 8))));

const build = (addon: NativeAddon, map: KernelMap, inverse: boolean): PairArguments => {
  const { taps, pairs } = map;
  const rows = inverse ? map.inRows : map.outRows;
  const inputRows = inverse ? map.outRows : map.inRows;
  const block = blockRows(rows, addon.threads(0));
  const blocks = Math.ceil(rows / block);
  const offsets = new Int32Array(taps * (blocks + 1));
  const from = new Int32Array(pairs);
  const to = new Int32Array(pairs);
  addon.pairList(
    inverse ? map.outputOf : map.inputOf,
    rows,
    taps,
    inputRows,
    block,
    pairs,
    offsets,
    from,
    to,
  );
  let fullTap = -1;
  for (let t = 0; t < taps; t++) {
    const own = offsets[t * (blocks + 1) + blocks] - offsets[t * (blocks + 1)];
    if (own === rows && fullTap < 0) fullTap = t;
  }
  return [taps, rows, inputRows, block, offsets, from, to, fullTap];
};

/** The pairs of a kernel map in one direction, by tap and output row: built on first use, kept as long as the map. */
export const pairsOf = (addon: NativeAddon, map: KernelMap, inverse: boolean): PairArguments => {
  let lists = cache.get(map);
  if (!lists) {
    lists = {};
    cache.set(map, lists);
  }
  const which = inverse ? 'inverse' : 'forward';
  lists[which] ??= build(addon, map, inverse);
  return lists[which];
};
