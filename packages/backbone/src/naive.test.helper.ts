// Cylinder3D by its definition, in float64 and without kernel maps: every convolution compares all pairs of voxels. The
// yardstick of this package's tests.
import type { Cylinder3dConfig } from './config.js';

type Triple = readonly [number, number, number];
export type Rows = Float64Array[];
export interface Sites {
  readonly coords: readonly Triple[];
  readonly shape: Triple;
}
/** Parameter values by name; running statistics too. */
export type Values = (name: string) => ArrayLike<number>;

const shapes: Readonly<Record<string, Triple>> = {
  '3x3x3': [3, 3, 3],
  '1x3x3': [1, 3, 3],
  '3x1x3': [3, 1, 3],
  '3x1x1': [3, 1, 1],
  '1x3x1': [1, 3, 1],
  '1x1x3': [1, 1, 3],
};

/** Tap through which output o reads input i, or -1. */
function tapOf(o: Triple, i: Triple, kernel: Triple, stride: Triple, ring: number): number {
  let tap = 0;
  for (let axis = 0; axis < 3; axis++) {
    let d = i[axis] - (o[axis] * stride[axis] - (kernel[axis] - 1) / 2);
    if (axis === 1 && ring > 0) d = ((d % ring) + ring) % ring;
    if (d < 0 || d >= kernel[axis]) return -1;
    tap = tap * kernel[axis] + d;
  }
  return tap;
}

function accumulate(y: Float64Array, x: Float64Array, w: ArrayLike<number>, tap: number): void {
  const width = y.length;
  for (let c = 0, at = tap * x.length * width; c < x.length; c++)
    for (let d = 0; d < width; d++, at++) y[d] += x[c] * w[at];
}

const zeros = (rows: number, width: number): Rows =>
  Array.from({ length: rows }, () => new Float64Array(width));

export function submanifold(
  sites: Sites,
  x: Rows,
  w: ArrayLike<number>,
  output: number,
  kernel: string,
  wrap = false,
): Rows {
  const y = zeros(sites.coords.length, output);
  for (const [o, out] of sites.coords.entries())
    for (const [i, input] of sites.coords.entries()) {
      const tap = tapOf(out, input, shapes[kernel], [1, 1, 1], wrap ? sites.shape[1] : 0);
      if (tap >= 0) accumulate(y[o], x[i], w, tap);
    }
  return y;
}

/** Sites of a strided 3x3x3 convolution with padding 1: every cell that reads at least one occupied cell. */
export function downSites(fine: Sites, stride: Triple): Sites {
  const shape = fine.shape.map((n, axis) => Math.floor((n + 2 - 3) / stride[axis]) + 1) as unknown as Triple;
  const coords: Triple[] = [];
  for (let r = 0; r < shape[0]; r++)
    for (let p = 0; p < shape[1]; p++)
      for (let z = 0; z < shape[2]; z++)
        if (fine.coords.some((i) => tapOf([r, p, z], i, [3, 3, 3], stride, 0) >= 0)) coords.push([r, p, z]);
  return { coords, shape };
}

export function strided(
  fine: Sites,
  coarse: Sites,
  x: Rows,
  w: ArrayLike<number>,
  output: number,
  stride: Triple,
): Rows {
  const y = zeros(coarse.coords.length, output);
  for (const [o, out] of coarse.coords.entries())
    for (const [i, input] of fine.coords.entries()) {
      const tap = tapOf(out, input, [3, 3, 3], stride, 0);
      if (tap >= 0) accumulate(y[o], x[i], w, tap);
    }
  return y;
}

export function inverse(
  fine: Sites,
  coarse: Sites,
  x: Rows,
  w: ArrayLike<number>,
  output: number,
  stride: Triple,
): Rows {
  const y = zeros(fine.coords.length, output);
  for (const [o, out] of coarse.coords.entries())
    for (const [i, input] of fine.coords.entries()) {
      const tap = tapOf(out, input, [3, 3, 3], stride, 0);
      if (tap >= 0) accumulate(y[i], x[o], w, tap);
    }
  return y;
}

const leaky = (v: number, alpha: number): number => (v < 0 ? alpha * v : v);

export function norm(
  x: Rows,
  name: string,
  values: Values,
  training: boolean,
  alpha: number,
  order: 'before' | 'after',
): Rows {
  const z = order === 'before' ? x.map((row) => row.map((v) => leaky(v, alpha))) : x;
  const gamma = values(`${name}.weight`);
  const beta = values(`${name}.bias`);
  const y = z.map((row) => new Float64Array(row.length));
  for (let c = 0; c < gamma.length; c++) {
    let mean = values(`${name}.mean`)[c];
    let variance = values(`${name}.variance`)[c];
    if (training) {
      mean = z.reduce((sum, row) => sum + row[c], 0) / z.length;
      variance = z.reduce((sum, row) => sum + (row[c] - mean) ** 2, 0) / z.length;
    }
    for (const [n, row] of z.entries()) {
      const v = (gamma[c] * (row[c] - mean)) / Math.sqrt(variance + 1e-5) + beta[c];
      y[n][c] = order === 'after' ? leaky(v, alpha) : v;
    }
  }
  return y;
}

const add = (a: Rows, b: Rows): Rows => a.map((row, n) => row.map((v, c) => v + b[n][c]));

export interface Naive {
  readonly config: Cylinder3dConfig;
  readonly values: Values;
  readonly training: boolean;
}

const kernelFor = (net: Naive, first: string, own: string): string =>
  net.config.kernelMaps === 'released' ? first : own;

function unit(
  net: Naive,
  sites: Sites,
  x: Rows,
  prefix: string,
  index: number | string,
  kernel: string,
): Rows {
  const output = net.values(`${prefix}.norm${index}.weight`).length;
  const wrap = net.config.wrapAzimuth ?? false;
  const y = submanifold(sites, x, net.values(`${prefix}.conv${index}.weight`), output, kernel, wrap);
  return norm(y, `${prefix}.norm${index}`, net.values, net.training, 0.01, 'before');
}

export function naiveAsymmetric(
  net: Naive,
  sites: Sites,
  x: Rows,
  prefix: string,
  kind: 'context' | 'down',
): Rows {
  const first = kind === 'context' ? '1x3x3' : '3x1x3';
  const a = kernelFor(net, first, first);
  const b = kernelFor(net, first, kind === 'context' ? '3x1x3' : '1x3x3');
  const branch = (name: string, k0: string, k1: string): Rows =>
    unit(net, sites, unit(net, sites, x, `${prefix}.${name}`, 0, k0), `${prefix}.${name}`, 1, k1);
  return add(branch('branchA', a, b), branch('branchB', b, a));
}

export function naiveUp(
  net: Naive,
  coarse: Sites,
  fine: Sites,
  stride: Triple,
  x: Rows,
  skip: Rows,
  prefix: string,
): Rows {
  const transformed = unit(net, coarse, x, prefix, 'Transform', '3x3x3');
  const width = skip[0].length;
  let y = add(
    inverse(fine, coarse, transformed, net.values(`${prefix}.inverse.weight`), width, stride),
    skip,
  );
  for (const [i, own] of ['1x3x3', '3x1x3', '3x3x3'].entries())
    y = unit(net, fine, y, prefix, i, kernelFor(net, '1x3x3', own));
  return y;
}

export function naiveContextModelling(net: Naive, sites: Sites, x: Rows): Rows {
  const width = x[0].length;
  const wrap = net.config.wrapAzimuth ?? false;
  const gate = zeros(x.length, width);
  for (const [i, own] of ['3x1x1', '1x3x1', '1x1x3'].entries()) {
    const kernel = kernelFor(net, '3x1x1', own);
    const y = submanifold(sites, x, net.values(`refine.conv${i}.weight`), width, kernel, wrap);
    for (const [n, row] of norm(y, `refine.norm${i}`, net.values, net.training, 1, 'after').entries())
      for (let c = 0; c < width; c++) gate[n][c] += 1 / (1 + Math.exp(-row[c]));
  }
  return gate.map((row, n) => row.map((v, c) => v * x[n][c]));
}

function dense(net: Naive, x: Rows, name: string): Rows {
  const bias = Float64Array.from(net.values(`${name}.bias`));
  return x.map((row) => {
    const y = bias.slice();
    accumulate(y, row, net.values(`${name}.weight`), 0);
    return y;
  });
}

export function naivePoints(net: Naive, points: Rows, voxelOf: ArrayLike<number>, voxels: number): Rows {
  let x = norm(points, 'point.norm', net.values, net.training, 1, 'after');
  const hidden = net.config.pointWidths.length;
  for (let i = 0; i < hidden; i++)
    x = norm(dense(net, x, `point.linear${i}`), `point.norm${i}`, net.values, net.training, 0, 'after');
  x = dense(net, x, `point.linear${hidden}`);
  const pooled = Array.from({ length: voxels }, () => new Float64Array(x[0].length).fill(-Infinity));
  for (const [n, row] of x.entries())
    for (let c = 0; c < row.length; c++) pooled[voxelOf[n]][c] = Math.max(pooled[voxelOf[n]][c], row[c]);
  return dense(net, pooled, 'point.compress').map((row) => row.map((v) => Math.max(0, v)));
}

/** The whole network: logits and the features of levels 0 to 4. */
export function naiveForward(
  net: Naive,
  sites: Sites,
  points: Rows,
  voxelOf: ArrayLike<number>,
): { logits: Rows; levels: Rows[] } {
  const steps: readonly Triple[] = [
    [2, 2, 2],
    [2, 2, 2],
    [2, 2, 1],
    [2, 2, 1],
  ];
  const at: Sites[] = [sites];
  for (const step of steps) at.push(downSites(at[at.length - 1], step));
  let x = naivePoints(net, points, voxelOf, sites.coords.length);
  x = naiveAsymmetric(net, sites, x, 'context', 'context');
  const skips: Rows[] = [];
  for (const [i, step] of steps.entries()) {
    const skip = naiveAsymmetric(net, at[i], x, `down${i + 2}`, 'down');
    skips.push(skip);
    x = strided(at[i], at[i + 1], skip, net.values(`down${i + 2}.pool.weight`), skip[0].length, step);
  }
  const levels: Rows[] = [x];
  for (let i = 3; i >= 0; i--) {
    x = naiveUp(net, at[i + 1], at[i], steps[i], x, skips[i], `up${3 - i}`);
    levels.unshift(x);
  }
  const gated = naiveContextModelling(net, sites, x);
  const refined = gated.map((row, n) => Float64Array.from([...row, ...x[n]]));
  levels[0] = refined;
  const wrap = net.config.wrapAzimuth ?? false;
  const bias = net.values('logits.bias');
  const logits = submanifold(
    sites,
    refined,
    net.values('logits.weight'),
    net.config.numClasses,
    '3x3x3',
    wrap,
  ).map((row) => row.map((v, c) => v + bias[c]));
  return { logits, levels };
}
