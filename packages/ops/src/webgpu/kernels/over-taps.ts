import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelMap } from '../../kernels.js';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { isSymmetric } from '../is-symmetric.js';
import { pairTables, tableTile } from '../pair-tables.js';
import { type Program, runGroups } from '../program.js';
import { left, type TiledProduct, type TileSize, writeFour } from '../tiled-product.js';

/** What a program over taps reads of its kernel map. */
export const tapReads = { neighbours: 'i32', order: 'u32', masks: 'u32' } as const;

/** What it has to know of it. */
export const tapParams = {
  rows: 'u32',
  taps: 'u32',
  words: 'u32',
  columns: 'u32',
  columnTiles: 'u32',
  mirrored: 'u32',
} as const;

/**
 * WGSL around a tiled product whose rows are result rows of a kernel map: adds up the products of all taps that some row of the tile has
 * (`neighbours`, `masks`), and writes the tile to `y`. Rows of a tile are those that follow each other in `order`. The program's `a4` and
 * `b4` read `rowOf` (the row of x of each row of the tile, or -1), `tap` (of the weights) and `firstColumn`; it has {@link tapReads} and {@link tapParams}.
 *
 * @param wide whether `y` is of vec4f
 * @param argument a third argument of `main`, where the product needs one
 */
export const overTaps = (
  product: TiledProduct,
  columns: TileSize,
  wide: boolean,
  argument = '',
): string => `${left}
${writeFour('writeY', 'y', wide)}
var<workgroup> rowOf: array<i32, ${tableTile}>;
var<workgroup> resultOf: array<u32, ${tableTile}>;
var<private> tap: u32;
var<private> firstColumn: u32;
fn store4(row: u32, column: u32, value: vec4f) {
  let o = resultOf[row];
  let n = firstColumn + column;
  if (o < params.rows) { writeY(o * params.columns + n, left(n, params.columns), value); }
}
fn main(group: u32, lane: u32${argument}) {
  let tile = group / params.columnTiles;
  firstColumn = (group % params.columnTiles) * ${columns}u;
  for (var row = lane; row < ${tableTile}u; row += ${product.threads}u) {
    let place = tile * ${tableTile}u + row;
    resultOf[row] = params.rows;
    if (place < params.rows) { resultOf[row] = order[place]; }
  }
  ${product.declare}
  for (var t = 0u; t < params.taps; t++) {
    if ((masks[tile * params.words + t / 32u] & (1u << (t % 32u))) == 0u) { continue; }
    tap = select(t, params.taps - 1u - t, params.mirrored != 0u);
    // Every thread reads the rows that it wrote itself.
    for (var row = lane; row < ${tableTile}u; row += ${product.threads}u) {
      let o = resultOf[row];
      rowOf[row] = -1;
      if (o < params.rows) { rowOf[row] = neighbours[o * params.taps + t]; }
    }
    workgroupBarrier();
    ${product.accumulate('0u', 'params.depth')}
  }
  workgroupBarrier();
  ${product.store}
}`;

/**
 * Runs such a program for all rows of a map in one direction.
 *
 * @param reads its other buffers
 * @param y [result rows, columns]: written
 * @param params its other parameters
 */
export const runOverTaps = (
  gpu: NerfsegWebGpuBackend,
  program: Program,
  tile: TileSize,
  reads: Readonly<Record<string, TensorInfo>>,
  y: TensorInfo,
  map: KernelMap,
  inverse: boolean,
  params: Readonly<Record<string, number>>,
): void => {
  const { taps } = map;
  const columns = y.shape[1];
  const columnTiles = Math.ceil(columns / tile);
  const { buffer } = gpu.residentOf(y);
  const mirrored = inverse && isSymmetric(map);
  const tables = pairTables(gpu, map, inverse && !mirrored);
  for (const { start, rows, table, order, masks } of tables) {
    const part = { buffer, offset: start * columns * 4, size: rows * columns * 4 };
    runGroups(gpu, program, Math.ceil(rows / tableTile) * columnTiles, {
      reads: { ...reads, neighbours: table, order, masks },
      writes: { y: tables.length === 1 ? y : part },
      params: {
        ...params,
        rows,
        taps,
        words: Math.ceil(taps / 32),
        columns,
        columnTiles,
        mirrored: Number(mirrored),
      },
    });
  }
};
