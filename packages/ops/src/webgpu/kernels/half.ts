import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { perItem, runItems } from '../program.js';
import { left, readFour } from '../tiled-product.js';
import { once } from './once.js';
import { sizeOf } from './support.js';

/** Values beyond float16's largest become it: WGSL leaves open what packing makes of them. */
const pack = once((wide: boolean) =>
  perItem({
    name: 'float16 rows',
    reads: { values: wide ? 'vec4f' : 'f32' },
    writes: { halves: 'vec2u' },
    params: { columns: 'u32', fours: 'u32' },
    code: `${left}
${readFour('readValues', 'values', wide)}
fn each(index: u32) {
  let column = index % params.fours * 4u;
  let four = readValues(index / params.fours * params.columns + column, left(column, params.columns));
  let bounded = clamp(four, vec4f(-65504.0), vec4f(65504.0));
  halves[index] = vec2u(pack2x16float(bounded.xy), pack2x16float(bounded.zw));
}`,
  }),
);

/**
 * Rows of float32 as rows of float16, four to a vec2u, each row filled up with zeros to a multiple of four. Every device can:
 * packing and unpacking are part of WGSL itself.
 *
 * @returns [...rows, ceil(columns / 4), 2] of 32 bits each; the caller frees it
 */
export const halfRows = (gpu: NerfsegWebGpuBackend, values: TensorInfo): TensorInfo => {
  const columns = values.shape[values.shape.length - 1];
  const fours = Math.ceil(columns / 4);
  const halves = gpu.allocate([...values.shape.slice(0, -1), fours, 2], 'int32');
  runItems(gpu, pack(columns % 4 === 0), sizeOf(halves.shape) / 2, {
    reads: { values },
    writes: { halves },
    params: { columns, fours },
  });
  return halves;
};

/** WGSL of `fn halves(two: vec2u)`: the four values, as vec4<f16> where programs have that type, else as vec4f. */
export const readHalves = (f16: boolean): string =>
  f16
    ? 'fn halves(two: vec2u) -> vec4<f16> { return bitcast<vec4<f16>>(two); }'
    : 'fn halves(two: vec2u) -> vec4f { return vec4f(unpack2x16float(two.x), unpack2x16float(two.y)); }';
