import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { KernelMap } from '../../kernels.js';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { matrixProduct } from '../matrix-product.js';
import { tableTile } from '../pair-tables.js';
import type { Extension, Program } from '../program.js';
import { type TiledProduct, type TileSize, tiledProduct, tileFor } from '../tiled-product.js';
import { halfRows, readHalves } from './half.js';
import { once } from './once.js';
import { overTaps, runOverTaps, tapParams, tapReads } from './over-taps.js';

/**
 * The sparse convolution with factors of float16, products and sums of float32. What it saves is bytes: each row of x is read
 * once per tap and column tile, each weight once per row tile, and a 64 x 64 tile does 16 float32 operations per byte that it
 * reads, too few for cards whose float32 units outrun their caches; of float16 it does 32. In workgroup memory slices are
 * float16 where the device has the type (then twice as deep in the same space, so that half as many barriers are met).
 * Products stay float32: float16 ones run no faster than float32 on many cards, and would lose digits that sums need.
 */
const half = once((columns: TileSize, wide: boolean, f16: boolean, slice: 16 | 32): Program => {
  const product = tiledProduct(tableTile, columns, 'k', { element: f16 ? 'f16' : 'f32', depth: slice });
  const name = `sparse convolution, float16${f16 ? '' : ' storage'}`;
  return convolution(name, product, f16 ? ['f16'] : [], columns, wide, f16);
});

/** The same by the matrices of subgroups. */
const halfByMatrices = once(
  (
    columns: TileSize,
    wide: boolean,
    size: 8 | 16,
    subgroup: number,
    standIn: boolean,
    slice: 16 | 32,
  ): Program => {
    const product = matrixProduct(columns, { size, subgroup, standIn }, slice);
    const enables: Extension[] = standIn ? [] : ['f16', 'subgroups', 'chromium_experimental_subgroup_matrix'];
    const name = 'sparse convolution, float16, subgroup matrices';
    return convolution(name, product, enables, columns, wide, !standIn);
  },
);

const convolution = (
  name: string,
  product: TiledProduct,
  enables: readonly Extension[],
  columns: TileSize,
  wide: boolean,
  f16: boolean,
): Program => {
  const byMatrices = enables.includes('chromium_experimental_subgroup_matrix');
  const four = f16 ? 'vec4<f16>' : 'vec4f';
  return {
    name,
    reads: { x: 'vec2u', w: 'vec2u', ...tapReads },
    writes: { y: wide ? 'vec4f' : 'f32' },
    params: { ...tapParams, depth: 'u32', depthFours: 'u32', columnFours: 'u32' },
    workgroup: product.threads,
    enables,
    code: `${product.shared}
${readHalves(f16)}
fn a4(row: u32, k: u32) -> ${four} {
  let source = rowOf[row];
  if (source < 0 || k >= params.depth) { return ${four}(); }
  return halves(x[u32(source) * params.depthFours + k / 4u]);
}
fn b4(column: u32, k: u32) -> ${four} {
  let n = firstColumn + column;
  if (k >= params.depth || n >= params.columns) { return ${four}(); }
  return halves(w[(tap * params.depth + k) * params.columnFours + n / 4u]);
}
${overTaps(product, columns, wide, byMatrices ? ', subgroupId: u32' : '')}`,
  };
};

/**
 * @param x [rows of x, depth]
 * @param w [taps, depth, columns]
 * @param y [result rows, columns]: written
 */
export const halfConvolve = (
  gpu: NerfsegWebGpuBackend,
  x: TensorInfo,
  w: TensorInfo,
  y: TensorInfo,
  map: KernelMap,
  inverse: boolean,
): void => {
  const [, depth, columns] = w.shape;
  const tile = tileFor(columns);
  const [halfX, halfW] = [halfRows(gpu, x), halfRows(gpu, w)];
  const { f16, matrices } = gpu.optional;
  const wide = columns % 4 === 0;
  const slice = depth % 32 === 0 ? 32 : 16;
  const program = matrices
    ? halfByMatrices(tile, wide, matrices.size, matrices.subgroup, matrices.standIn ?? false, slice)
    : half(tile, wide, f16, f16 ? slice : 16);
  const params = { depth, depthFours: Math.ceil(depth / 4), columnFours: Math.ceil(columns / 4) };
  runOverTaps(gpu, program, tile, { x: halfX, w: halfW }, y, map, inverse, params);
  for (const { dataId } of [halfX, halfW]) gpu.disposeData(dataId);
};
