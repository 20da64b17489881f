import type { KernelMap } from '../kernels.js';
import type { NerfsegWebGpuBackend } from './backend.js';
import { once } from './kernels/once.js';
import { fillTable } from './map-tables.js';
import { type Program, perItem, runGroups, runItems } from './program.js';
import { radixSort } from './radix-sort.js';
import type { Resident } from './resident.js';
import { derived } from './residents.js';
import { scan, scanProgram } from './scan.js';
import { tapsToOrderBy } from './taps-to-order-by.js';

/** Rows of a tile of results. */
export const tableTile = 64;

/** A kernel map read in one direction, for a range of result rows that one binding holds. */
export interface PairTable {
  /** First result row, a multiple of 64. */
  readonly start: number;
  readonly rows: number;
  /** [rows * taps] row of x, or -1. */
  readonly table: Resident;
  /**
   * [rows] the rows, those with neighbours at the same taps together: 64 that follow each other are a tile. What a convolution
   * computes is every tap that one row of a tile has for all its rows. Of KITTI's scans, in the order of their voxels, that is 1.3 to 6.7
   * times what is needed; in this order 1 to 3 times.
   */
  readonly order: Resident;
  /** [ceil(rows / 64), ceil(taps / 32)] bit t: some row of the tile has a neighbour at tap t. */
  readonly masks: Resident;
}

const maskProgram = once(
  (subgroups: boolean): Program => ({
    name: 'taps of row tiles',
    reads: { source: 'i32', order: 'u32' },
    writes: { masks: 'atomic<u32>' },
    params: { rows: 'u32', taps: 'u32', words: 'u32' },
    workgroup: tableTile,
    enables: subgroups ? ['subgroups'] : [],
    code: `var<workgroup> bits: atomic<u32>;
fn main(group: u32, lane: u32) {
  let place = group * ${tableTile}u + lane;
  var row = params.rows;
  if (place < params.rows) { row = order[place]; }
  for (var word = 0u; word < params.words; word++) {
    if (lane == 0u) { atomicStore(&bits, 0u); }
    workgroupBarrier();
    var own = 0u;
    if (row < params.rows) {
      for (var tap = word * 32u; tap < min(params.taps, word * 32u + 32u); tap++) {
        if (source[row * params.taps + tap] >= 0) { own |= 1u << (tap % 32u); }
      }
    }
    ${subgroups ? 'let all = subgroupOr(own);\n    if (subgroupElect()) { atomicOr(&bits, all); }' : 'atomicOr(&bits, own);'}
    workgroupBarrier();
    if (lane == 0u) { atomicStore(&masks[group * params.words + word], atomicLoad(&bits)); }
    workgroupBarrier();
  }
}`,
  }),
);

const tapKeys = perItem({
  name: 'taps of rows',
  reads: { source: 'i32', chosen: 'u32' },
  writes: { keys: 'u32' },
  params: { taps: 'u32', count: 'u32' },
  code: `fn each(row: u32) {
  var key = 0u;
  for (var n = 0u; n < params.count; n++) {
    key = key * 2u + select(0u, 1u, source[row * params.taps + chosen[n]] >= 0);
  }
  keys[row] = key;
}`,
});

/** The rows of a table by their taps: see {@link PairTable.order}. Equal ones stay in their order. */
const orderByTaps = (
  gpu: NerfsegWebGpuBackend,
  map: KernelMap,
  inverse: boolean,
  source: Resident,
  rows: number,
): Resident => {
  const chosen = Uint32Array.from(tapsToOrderBy(map, inverse));
  const order = gpu.allocateResident(rows * 4, `the order of ${rows} rows`);
  const keys = gpu.allocate([1, rows], 'int32');
  const list = gpu.uploadResident(chosen, 'taps to order by');
  runItems(gpu, tapKeys, rows, {
    reads: { source, chosen: list },
    writes: { keys },
    params: { taps: map.taps, count: chosen.length },
  });
  gpu.release(list);
  gpu.disposeData(radixSort(gpu, keys, 1, rows, chosen.length, order).dataId);
  return order;
};

/** Rows of a map's table: computed here where the map tells its coordinates, else the host's. */
const makeTable = (
  gpu: NerfsegWebGpuBackend,
  map: KernelMap,
  inverse: boolean,
  start: number,
  rows: number,
): Resident => {
  const { taps } = map;
  const what = `a kernel map of ${rows} rows and ${taps} taps`;
  if (!map.parts) {
    const host = inverse ? map.outputOf : map.inputOf;
    return gpu.uploadResident(host.subarray(start * taps, (start + rows) * taps), what);
  }
  const table = gpu.allocateResident(rows * taps * 4, what);
  fillTable(gpu, map.parts, inverse, table, start, rows);
  return table;
};

/** The map's tables in one direction, on the device: split where one binding could not hold them, kept as long as the map. */
export const pairTables = (
  gpu: NerfsegWebGpuBackend,
  map: KernelMap,
  inverse: boolean,
): readonly PairTable[] => {
  const rows = inverse ? map.inRows : map.outRows;
  const { taps } = map;
  const perTile = tableTile * taps * 4;
  const rowsPerTable = Math.max(1, Math.floor(gpu.bindingLimit / perTile)) * tableTile;
  const words = Math.ceil(taps / 32);
  const tables: PairTable[] = [];
  for (let start = 0; start < rows; start += rowsPerTable) {
    const count = Math.min(rowsPerTable, rows - start);
    const [table, order, masks] = derived(gpu, map, `table ${inverse} ${start} ${rowsPerTable}`, () => {
      const made = makeTable(gpu, map, inverse, start, count);
      const byTaps = orderByTaps(gpu, map, inverse, made, count);
      const tiles = Math.ceil(count / tableTile);
      const maskBuffer = gpu.allocateResident(tiles * words * 4, 'masks of a kernel map');
      runGroups(gpu, maskProgram(gpu.optional.subgroups), tiles, {
        reads: { source: made, order: byTaps },
        writes: { masks: maskBuffer },
        params: { rows: count, taps, words },
      });
      return [made, byTaps, maskBuffer] as const;
    });
    tables.push({ start, rows: count, table, order, masks });
  }
  return tables;
};

const presence = scanProgram(
  'pairs of taps: positions',
  { source: 'i32' },
  { taps: 'u32' },
  'fn value(tap: u32, row: u32) -> u32 { return select(0u, 1u, source[row * params.taps + tap] >= 0); }',
);

const compact = perItem({
  name: 'pairs of taps',
  reads: { source: 'i32', prefix: 'u32', sums: 'u32' },
  writes: { pairs: 'vec2f' },
  params: { rows: 'u32', taps: 'u32', blocks: 'u32' },
  code: `fn each(index: u32) {
  let tap = index / params.rows;
  let row = index % params.rows;
  let neighbour = source[row * params.taps + tap];
  if (neighbour < 0) { return; }
  let place = prefix[index] + sums[tap * params.blocks + row / 1024u];
  pairs[tap * params.rows + place] = bitcast<vec2f>(vec2u(u32(neighbour), row));
}`,
});

/** The pairs of a table, tap by tap in ascending order of result row. */
export interface TapPairList {
  /** [taps, rows] (row of x, result row within the table); each tap's first counts[tap] are set. */
  readonly pairs: Resident;
  /** [taps] */
  readonly counts: Resident;
}

/** The compacted pairs of a table, built on the device at first use and kept as long as the map. */
export const pairLists = (
  gpu: NerfsegWebGpuBackend,
  map: KernelMap,
  inverse: boolean,
  { start, rows, table }: PairTable,
): TapPairList => {
  const { taps } = map;
  const [pairs, counts] = derived(gpu, map, `pairs ${inverse} ${start} ${rows}`, () => {
    const list = gpu.allocateResident(taps * rows * 8, `the pairs of ${rows} rows and ${taps} taps`);
    const found = scan(gpu, presence, taps, rows, { source: table }, { taps });
    runItems(gpu, compact, taps * rows, {
      reads: { source: table, prefix: found.prefix, sums: found.sums },
      writes: { pairs: list },
      params: { rows, taps, blocks: found.blocks },
    });
    const totals = gpu.allocateResident(taps * 4, 'counts of pairs');
    runItems(gpu, copyCounts, taps, { reads: { totals: found.totals }, writes: { counts: totals } });
    found.dispose();
    return [list, totals] as const;
  });
  return { pairs, counts };
};

const copyCounts = perItem({
  name: 'copy',
  reads: { totals: 'u32' },
  writes: { counts: 'u32' },
  params: {},
  code: 'fn each(index: u32) { counts[index] = totals[index]; }',
});
