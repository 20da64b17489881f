import { tableTile } from '../pair-tables.js';
import type { TiledProduct } from '../tiled-product.js';

/** WGSL that adds up the products of all taps that some row of the tile has. */
export const overTaps = (product: TiledProduct): string => `for (var t = 0u; t < params.taps; t++) {
    if ((masks[tile * params.words + t / 32u] & (1u << (t % 32u))) == 0u) { continue; }
    tap = t;
    for (var row = lane; row < ${tableTile}u; row += ${product.threads}u) {
      let o = firstRow + row;
      rowOf[row] = -1;
      if (o < params.rows) { rowOf[row] = neighbours[o * params.taps + t]; }
    }
    workgroupBarrier();
    ${product.accumulate('0u', 'params.depth')}
  }`;
