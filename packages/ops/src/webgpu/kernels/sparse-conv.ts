import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  SparseConv3d,
  type SparseConv3dAttrs,
  SparseConv3dBackpropFilter,
  type SparseConv3dBackpropFilterAttrs,
} from '../../kernels.js';
import { pairLists, pairTables, tableTile } from '../pair-tables.js';
import { type Program, runGroups } from '../program.js';
import { left, readFour, type TileSize, tiledProduct, tileFor, writeFour } from '../tiled-product.js';
import { zeros } from './fill.js';
import { halfConvolve } from './half-conv.js';
import { once } from './once.js';
import { overTaps, runOverTaps, tapParams, tapReads } from './over-taps.js';
import { sumParts } from './sum-parts.js';
import { attributes, type GpuKernel, sizeOf } from './support.js';
import { transpose } from './transpose.js';

/**
 * Output-stationary gather-GEMM: a workgroup computes a tile of 64 result rows, tap by tap (those that no row of the tile has
 * are skipped), with the rows of x gathered into workgroup memory. No atomics, a fixed order of summation.
 */
const convolution = once((columns: TileSize, wide: boolean): Program => {
  const product = tiledProduct(tableTile, columns, 'k');
  const element = wide ? 'vec4f' : 'f32';
  return {
    name: 'sparse convolution',
    reads: { x: element, w: element, ...tapReads },
    writes: { y: element },
    params: { ...tapParams, depth: 'u32' },
    workgroup: product.threads,
    code: `${product.shared}
${readFour('readX', 'x', wide)}
${readFour('readW', 'w', wide)}
fn a4(row: u32, k: u32) -> vec4f {
  // Where there is no neighbour, row 0 is read for nothing: a branch would keep the next loads waiting.
  let source = rowOf[row];
  let four = readX(u32(max(source, 0)) * params.depth + k, left(k, params.depth));
  return select(vec4f(), four, source >= 0);
}
fn b4(column: u32, k: u32) -> vec4f {
  let n = firstColumn + column;
  return readW((tap * params.depth + k) * params.columns + n, select(0u, left(n, params.columns), k < params.depth));
}
${overTaps(product, columns, wide)}`,
  };
});

const convolve: GpuKernel = (call) => {
  const { gpu } = call;
  const { x, w: given } = call.inputs;
  const { map, inverse, transposeW, precision } = attributes<SparseConv3dAttrs>(call);
  const [depth, columns] = transposeW ? [given.shape[2], given.shape[1]] : [given.shape[1], given.shape[2]];
  const rows = inverse ? map.inRows : map.outRows;
  if (x.shape[0] === 0 || depth === 0) return zeros(gpu, [rows, columns]);
  const y = gpu.allocate([rows, columns]);
  if (sizeOf(y.shape) === 0) return y;
  if (precision === 'float16' && !transposeW) {
    halfConvolve(gpu, x, given, y, map, inverse);
    return y;
  }
  const w = transposeW ? transpose(gpu, given) : given;
  const wide = depth % 4 === 0 && columns % 4 === 0;
  const tile = tileFor(columns);
  runOverTaps(gpu, convolution(tile, wide), tile, { x, w }, y, map, inverse, { depth });
  if (transposeW) gpu.disposeData(w.dataId);
  return y;
};

/** Each tap's x^T . dy over a share of its pairs: the shares are added afterwards, in their order. */
const weightGradient = once((rows: TileSize, columns: TileSize, wide: boolean): Program => {
  const product = tiledProduct(rows, columns, 'rows');
  const element = wide ? 'vec4f' : 'f32';
  return {
    name: 'sparse convolution, weight gradient',
    reads: { x: element, dy: element, pairs: 'vec2f', counts: 'u32' },
    writes: { partial: element },
    params: {
      capacity: 'u32',
      firstRow: 'u32',
      share: 'u32',
      shares: 'u32',
      firstPart: 'u32',
      parts: 'u32',
      depth: 'u32',
      columns: 'u32',
      rowTiles: 'u32',
      columnTiles: 'u32',
    },
    workgroup: product.threads,
    code: `${product.shared}
${left}
${readFour('readX', 'x', wide)}
${readFour('readDy', 'dy', wide)}
${writeFour('writePart', 'partial', wide)}
var<private> firstPair: u32;
var<private> end: u32;
var<private> channel: u32;
var<private> column0: u32;
var<private> target0: u32;
fn a4(outer: u32, k: u32) -> vec4f {
  let n = channel + outer;
  if (k >= end || n >= params.depth) { return vec4f(); }
  return readX(bitcast<vec2u>(pairs[firstPair + k]).x * params.depth + n, left(n, params.depth));
}
fn b4(outer: u32, k: u32) -> vec4f {
  let n = column0 + outer;
  if (k >= end || n >= params.columns) { return vec4f(); }
  let row = params.firstRow + bitcast<vec2u>(pairs[firstPair + k]).y;
  return readDy(row * params.columns + n, left(n, params.columns));
}
fn store4(row: u32, column: u32, value: vec4f) {
  let c = channel + row;
  let n = column0 + column;
  if (c < params.depth) { writePart(target0 + c * params.columns + n, left(n, params.columns), value); }
}
fn main(group: u32, lane: u32) {
  column0 = (group % params.columnTiles) * ${columns}u;
  var rest = group / params.columnTiles;
  channel = (rest % params.rowTiles) * ${rows}u;
  rest = rest / params.rowTiles;
  let number = rest % params.shares;
  let tap = rest / params.shares;
  firstPair = tap * params.capacity;
  target0 = (tap * params.parts + params.firstPart + number) * params.depth * params.columns;
  let begin = number * params.share;
  let stop = min(counts[tap], begin + params.share);
  end = stop;
  ${product.declare}
  ${product.accumulate('begin', 'stop')}
  ${product.store}
}`,
  };
});

/** Workgroups that keep a large GPU busy, and the most bytes of partial sums. */
const busyGroups = 2048;
const partialBytes = 1 << 26;

const backpropFilter: GpuKernel = (call) => {
  const { gpu } = call;
  const { x, dy } = call.inputs;
  const { map, inverse } = attributes<SparseConv3dBackpropFilterAttrs>(call);
  const { taps } = map;
  const [depth, columns] = [x.shape[1], dy.shape[1]];
  const shape = [taps, depth, columns];
  const size = depth * columns;
  if (x.shape[0] === 0 || dy.shape[0] === 0) return zeros(gpu, shape);
  const [rowTile, columnTile] = [tileFor(depth), tileFor(columns)];
  const [rowTiles, columnTiles] = [Math.ceil(depth / rowTile), Math.ceil(columns / columnTile)];
  const tables = pairTables(gpu, map, inverse);
  const wanted = Math.ceil(busyGroups / (taps * rowTiles * columnTiles));
  const affordable = Math.floor(Math.min(partialBytes, gpu.bindingLimit) / (taps * size * 4 * tables.length));
  const longest = tables[0].rows;
  const shares = Math.max(1, Math.min(wanted, affordable, Math.ceil(longest / 256)));
  const share = Math.ceil(longest / shares / 16) * 16;
  const parts = shares * tables.length;
  const dw = gpu.allocate(shape);
  const partial: TensorInfo = parts === 1 ? dw : gpu.allocate([taps, parts, size]);
  const program = weightGradient(rowTile, columnTile, depth % 4 === 0 && columns % 4 === 0);
  tables.forEach((table, n) => {
    runGroups(gpu, program, taps * shares * rowTiles * columnTiles, {
      reads: { x, dy, ...pairLists(gpu, map, inverse, table) },
      writes: { partial },
      params: {
        capacity: table.rows,
        firstRow: table.start,
        share,
        shares,
        firstPart: n * shares,
        parts,
        depth,
        columns,
        rowTiles,
        columnTiles,
      },
    });
  });
  if (partial !== dw) {
    sumParts(gpu, partial, dw, { groups: taps, parts, size });
    gpu.disposeData(partial.dataId);
  }
  return dw;
};

/** Sparse convolution in both directions, and the gradient of its weights. */
export const sparseConvKernels: Readonly<Record<string, GpuKernel>> = {
  [SparseConv3d]: convolve,
  [SparseConv3dBackpropFilter]: backpropFilter,
};
