import { tableTile } from '../pair-tables.js';
import { left, type TiledProduct, type TileSize, writeFour } from '../tiled-product.js';

/**
 * WGSL around a tiled product whose rows are output rows of a kernel map: adds up the products of all taps that some row of the tile has
 * (`neighbours`, `masks`), and writes the tile to `y`. The program's `a4` and `b4` read `rowOf` (input row of each row of the tile,
 * or -1), `tap` and `firstColumn`; parameters are rows, taps, words, columns, columnTiles, and depth.
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
var<private> tap: u32;
var<private> firstRow: u32;
var<private> firstColumn: u32;
fn store4(row: u32, column: u32, value: vec4f) {
  let o = firstRow + row;
  let n = firstColumn + column;
  if (o < params.rows) { writeY(o * params.columns + n, left(n, params.columns), value); }
}
fn main(group: u32, lane: u32${argument}) {
  let tile = group / params.columnTiles;
  firstRow = tile * ${tableTile}u;
  firstColumn = (group % params.columnTiles) * ${columns}u;
  ${product.declare}
  for (var t = 0u; t < params.taps; t++) {
    if ((masks[tile * params.words + t / 32u] & (1u << (t % 32u))) == 0u) { continue; }
    tap = t;
    for (var row = lane; row < ${tableTile}u; row += ${product.threads}u) {
      let o = firstRow + row;
      rowOf[row] = -1;
      if (o < params.rows) { rowOf[row] = neighbours[o * params.taps + t]; }
    }
    workgroupBarrier();
    ${product.accumulate('0u', 'params.depth')}
  }
  ${product.store}
}`;
