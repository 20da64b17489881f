import type { TensorInfo } from '@tensorflow/tfjs-core';
import { Linear, type LinearAttrs, LinearBackpropFilter, LinearBackpropInput } from '../../kernels.js';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { type Program, runGroups } from '../program.js';
import { left, readFour, type TileSize, tiledProduct, tileFor, writeFour } from '../tiled-product.js';
import { columnSums, runColumnSums } from './column-sums.js';
import { zeros } from './fill.js';
import { once } from './once.js';
import { sumParts } from './sum-parts.js';
import { attributes, type GpuKernel, sizeOf } from './support.js';
import { transpose } from './transpose.js';

type Activation = LinearAttrs['activation'];

const activated: Record<Activation, string> = {
  none: 'v',
  relu: 'max(v, vec4f())',
  leakyRelu: 'select(v * 0.01, v, v > vec4f())',
  sigmoid: '1.0 / (1.0 + exp(-v))',
};

/** dy through the activation, whose derivative is a function of y. */
const derived: Record<Activation, string> = {
  none: 'd',
  relu: 'select(vec4f(), d, v > vec4f())',
  leakyRelu: 'select(d * 0.01, d, v > vec4f())',
  sigmoid: 'd * v * (1.0 - v)',
};

const privates = `var<private> firstRow: u32;
var<private> firstColumn: u32;`;

/**
 * [rows, depth] . w [depth, columns], in tiles. `code` has the function named `factor`, which reads four values of the first factor;
 * `finish` is what becomes of four sums `v`, at (row, column).
 */
const denseProduct = (
  columns: TileSize,
  wide: boolean,
  {
    name,
    reads,
    code,
    factor,
    finish,
  }: Pick<Program, 'name' | 'reads' | 'code'> & {
    readonly factor: string;
    readonly finish: string;
  },
): Program => {
  const product = tiledProduct(64, columns, 'k');
  const element = wide ? 'vec4f' : 'f32';
  return {
    name,
    reads: { ...reads, w: element },
    writes: { product: element },
    params: { rows: 'u32', depth: 'u32', columns: 'u32', columnTiles: 'u32' },
    workgroup: product.threads,
    code: `${product.shared}
${left}
${code}
${readFour('readW', 'w', wide)}
${writeFour('writeProduct', 'product', wide)}
${privates}
fn a4(outer: u32, k: u32) -> vec4f {
  let row = firstRow + outer;
  if (row >= params.rows) { return vec4f(); }
  return ${factor}(row * params.depth + k, left(k, params.depth));
}
fn b4(outer: u32, k: u32) -> vec4f {
  let column = firstColumn + outer;
  if (k >= params.depth) { return vec4f(); }
  return readW(k * params.columns + column, left(column, params.columns));
}
fn store4(outer: u32, inner: u32, sum: vec4f) {
  let row = firstRow + outer;
  let column = firstColumn + inner;
  if (row >= params.rows) { return; }
  var v = sum;
  ${finish}
  writeProduct(row * params.columns + column, left(column, params.columns), v);
}
fn main(group: u32, lane: u32) {
  firstRow = (group / params.columnTiles) * 64u;
  firstColumn = (group % params.columnTiles) * ${columns}u;
  ${product.declare}
  ${product.accumulate('0u', 'params.depth')}
  ${product.store}
}`,
  };
};

const forward = once((columns: TileSize, wide: boolean, activation: Activation): Program => {
  const element = wide ? 'vec4f' : 'f32';
  return denseProduct(columns, wide, {
    name: `linear, ${activation}`,
    reads: { x: element, bias: element },
    code: `${readFour('readX', 'x', wide)}
${readFour('readBias', 'bias', wide)}`,
    factor: 'readX',
    finish: `v += readBias(column, left(column, params.columns));
  v = ${activated[activation]};`,
  });
});

/** Reads four values of dy through the activation. */
const readGradient = (wide: boolean, activation: Activation): string => `${readFour('readDy', 'dy', wide)}
${activation === 'none' ? '' : readFour('readY', 'y', wide)}
fn readGradient(at: u32, count: u32) -> vec4f {
  let d = readDy(at, count);
  ${activation === 'none' ? '' : 'let v = readY(at, count);'}
  return ${derived[activation]};
}`;

/** The buffers of dy through the activation: without one, y is not read. */
const gradientReads = <T>(activation: Activation, y: T, dy: T): Record<string, T> =>
  activation === 'none' ? { dy } : { y, dy };

const inputGradient = once((columns: TileSize, wide: boolean, activation: Activation): Program => {
  const element = wide ? 'vec4f' : 'f32';
  return denseProduct(columns, wide, {
    name: `linear, input gradient, ${activation}`,
    reads: gradientReads(activation, element, element) as Program['reads'],
    code: readGradient(wide, activation),
    factor: 'readGradient',
    finish: '',
  });
});

const weightGradient = once(
  (rows: TileSize, columns: TileSize, wide: boolean, activation: Activation): Program => {
    const product = tiledProduct(rows, columns, 'rows');
    const element = wide ? 'vec4f' : 'f32';
    return {
      name: `linear, weight gradient, ${activation}`,
      reads: { ...gradientReads(activation, element, element), x: element } as Program['reads'],
      writes: { partial: element },
      params: {
        length: 'u32',
        rows: 'u32',
        columns: 'u32',
        share: 'u32',
        shares: 'u32',
        columnTiles: 'u32',
      },
      workgroup: product.threads,
      code: `${product.shared}
${left}
${readGradient(wide, activation)}
${readFour('readX', 'x', wide)}
${writeFour('writePart', 'partial', wide)}
${privates}
var<private> end: u32;
var<private> firstValue: u32;
fn a4(outer: u32, k: u32) -> vec4f {
  let row = firstRow + outer;
  if (k >= end || row >= params.rows) { return vec4f(); }
  return readX(k * params.rows + row, left(row, params.rows));
}
fn b4(outer: u32, k: u32) -> vec4f {
  let column = firstColumn + outer;
  if (k >= end || column >= params.columns) { return vec4f(); }
  return readGradient(k * params.columns + column, left(column, params.columns));
}
fn store4(outer: u32, inner: u32, sum: vec4f) {
  let row = firstRow + outer;
  let column = firstColumn + inner;
  if (row >= params.rows) { return; }
  writePart(firstValue + row * params.columns + column, left(column, params.columns), sum);
}
fn main(group: u32, lane: u32) {
  firstColumn = (group % params.columnTiles) * ${columns}u;
  let rest = group / params.columnTiles;
  let number = rest % params.shares;
  firstRow = (rest / params.shares) * ${rows}u;
  firstValue = number * params.rows * params.columns;
  let begin = number * params.share;
  let stop = min(params.length, begin + params.share);
  end = stop;
  ${product.declare}
  ${product.accumulate('begin', 'stop')}
  ${product.store}
}`,
    };
  },
);

const biasSums = once((activation: Activation) =>
  columnSums(
    {
      name: `linear, bias gradient, ${activation}`,
      reads: gradientReads(activation, 'f32', 'f32') as Program['reads'],
      value: `fn value(row: u32, column: u32) -> vec2f {
  let d = vec4f(dy[row * params.columns + column]);
  ${activation === 'none' ? '' : 'let v = vec4f(y[row * params.columns + column]);'}
  let through = ${derived[activation]};
  return vec2f(through.x, 0.0);
}`,
    },
    { outputs: { dBias: 'f32' }, code: 'fn finish(column: u32, sums: vec2f) { dBias[column] = sums.x; }' },
  ),
);

/** Workgroups that keep a large GPU busy. */
const busyGroups = 1024;

const isWide = (...widths: number[]): boolean => widths.every((width) => width % 4 === 0);

/** Runs a program of {@link denseProduct}. */
const runDense = (
  gpu: NerfsegWebGpuBackend,
  programOf: typeof forward,
  activation: Activation,
  [rows, depth, columns]: readonly [number, number, number],
  reads: Readonly<Record<string, TensorInfo>>,
): TensorInfo => {
  const product = gpu.allocate([rows, columns]);
  if (sizeOf(product.shape) === 0) return product;
  const tile = tileFor(columns);
  const columnTiles = Math.ceil(columns / tile);
  runGroups(gpu, programOf(tile, isWide(depth, columns), activation), Math.ceil(rows / 64) * columnTiles, {
    reads,
    writes: { product },
    params: { rows, depth, columns, columnTiles },
  });
  return product;
};

/** Runs {@link weightGradient}: [rows, columns] of `length` rows of x and dy. */
const runWeightGradient = (
  gpu: NerfsegWebGpuBackend,
  activation: Activation,
  [length, rows, columns]: readonly [number, number, number],
  reads: Readonly<Record<string, TensorInfo>>,
): TensorInfo => {
  if (length * rows * columns === 0) return zeros(gpu, [rows, columns]);
  const dw = gpu.allocate([rows, columns]);
  const [rowTile, columnTile] = [tileFor(rows), tileFor(columns)];
  const [rowTiles, columnTiles] = [Math.ceil(rows / rowTile), Math.ceil(columns / columnTile)];
  const wanted = Math.ceil(busyGroups / (rowTiles * columnTiles));
  const shares = Math.max(1, Math.min(wanted, Math.ceil(length / 256)));
  const share = Math.ceil(length / shares / 16) * 16;
  const partial: TensorInfo = shares === 1 ? dw : gpu.allocate([shares, rows * columns]);
  const program = weightGradient(rowTile, columnTile, isWide(rows, columns), activation);
  runGroups(gpu, program, rowTiles * shares * columnTiles, {
    reads,
    writes: { partial },
    params: { length, rows, columns, share, shares, columnTiles },
  });
  if (partial !== dw) {
    sumParts(gpu, partial, dw, { groups: 1, parts: shares, size: rows * columns });
    gpu.disposeData(partial.dataId);
  }
  return dw;
};

/** Dense layers. */
export const linearKernels: Readonly<Record<string, GpuKernel>> = {
  [Linear]: (call) => {
    const { x, w, bias } = call.inputs;
    const { activation } = attributes<LinearAttrs>(call);
    return runDense(call.gpu, forward, activation, [x.shape[0], x.shape[1], w.shape[1]], { x, w, bias });
  },

  [LinearBackpropInput]: (call) => {
    const { gpu } = call;
    const { w, y, dy } = call.inputs;
    const { activation } = attributes<LinearAttrs>(call);
    const turned = transpose(gpu, w);
    const dx = runDense(gpu, inputGradient, activation, [dy.shape[0], dy.shape[1], w.shape[0]], {
      ...gradientReads(activation, y, dy),
      w: turned,
    });
    gpu.disposeData(turned.dataId);
    return dx;
  },

  [LinearBackpropFilter]: (call) => {
    const { gpu } = call;
    const { x, y, dy } = call.inputs;
    const { activation } = attributes<LinearAttrs>(call);
    const [length, rows] = x.shape;
    const columns = dy.shape[1];
    const reads = gradientReads(activation, y, dy);
    const dw = runWeightGradient(gpu, activation, [length, rows, columns], { ...reads, x });
    if (length * columns === 0) return [dw, zeros(gpu, [columns])];
    const dBias = gpu.allocate([columns]);
    runColumnSums(gpu, biasSums(activation), length, columns, {
      reads,
      outputs: { dBias },
    });
    return [dw, dBias];
  },
};
