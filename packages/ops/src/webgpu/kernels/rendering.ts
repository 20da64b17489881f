import {
  CompositeRays,
  type CompositeRaysAttrs,
  CompositeRaysGrad,
  type PackedRays,
  SampleVoxels,
  type SampleVoxelsAttrs,
  SampleVoxelsGrad,
} from '../../kernels.js';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { groupedRows } from '../grouped-rows.js';
import { type Program, perItem, runGroups, runItems } from '../program.js';
import type { Resident } from '../resident.js';
import { uploaded } from '../residents.js';
import { zeros } from './fill.js';
import { attributes, type GpuKernel, sizeOf } from './support.js';

const sample = perItem({
  name: 'sample voxels',
  reads: { x: 'f32', indices: 'i32', weights: 'f32' },
  writes: { y: 'f32' },
  params: { columns: 'u32', corners: 'u32' },
  code: `fn each(index: u32) {
  let first = index / params.columns * params.corners;
  let column = index % params.columns;
  var sum = 0.0;
  for (var n = first; n < first + params.corners; n++) {
    let row = indices[n];
    if (row >= 0) { sum = fma(weights[n], x[u32(row) * params.columns + column], sum); }
  }
  y[index] = sum;
}`,
});

/** Columns of a workgroup, and threads that share a column's entries. */
const gradientColumns = 32;
const gradientParts = 8;

/**
 * A workgroup per row: near a camera one voxel serves ten thousands of samples, too many for one thread. Each part sums every
 * eighth entry, the parts are added in their order.
 */
const sampleGradient: Program = {
  name: 'sample voxels, gradient',
  reads: { dy: 'f32', offsets: 'u32', order: 'u32', weights: 'f32' },
  writes: { dx: 'f32' },
  params: { columns: 'u32', columnBlocks: 'u32', corners: 'u32' },
  workgroup: gradientColumns * gradientParts,
  code: `var<workgroup> parts: array<f32, ${gradientColumns * gradientParts}>;
fn entry(n: u32, end: u32, column: u32) -> f32 {
  let at = order[min(n, end - 1u)];
  return select(0.0, weights[at], n < end) * dy[at / params.corners * params.columns + column];
}
fn main(group: u32, lane: u32) {
  let row = group / params.columnBlocks;
  let column = (group % params.columnBlocks) * ${gradientColumns}u + lane % ${gradientColumns}u;
  let end = offsets[row + 1u];
  var sum = 0.0;
  if (column < params.columns) {
    // Four at a time: their loads need not wait for each other.
    for (var n = offsets[row] + lane / ${gradientColumns}u; n < end; n += ${4 * gradientParts}u) {
      sum += (entry(n, end, column) + entry(n + ${gradientParts}u, end, column))
        + (entry(n + ${2 * gradientParts}u, end, column) + entry(n + ${3 * gradientParts}u, end, column));
    }
  }
  parts[lane] = sum;
  workgroupBarrier();
  if (lane >= ${gradientColumns}u || column >= params.columns) { return; }
  for (var part = 1u; part < ${gradientParts}u; part++) { sum += parts[part * ${gradientColumns}u + lane]; }
  dx[row * params.columns + column] = sum;
}`,
};

/** One thread per ray, along its samples. */
const rayWeights = perItem({
  name: 'composite rays, weights',
  reads: { density: 'f32', rayOffsets: 'i32', t: 'f32', delta: 'f32' },
  writes: { weights: 'f32', opacity: 'f32', depth: 'f32' },
  params: {},
  // 1 - exp(-x) without cancellation: a series for thin samples.
  code: `fn absorbed(x: f32) -> f32 {
  let series = x * (1.0 - x * (0.5 - x * (1.0 / 6.0 - x * (1.0 / 24.0 - x / 120.0))));
  return select(1.0 - exp(-x), series, abs(x) < 0.125);
}
fn each(ray: u32) {
  var thickness = 0.0;
  var total = 0.0;
  var distance = 0.0;
  for (var s = rayOffsets[ray]; s < rayOffsets[ray + 1u]; s++) {
    let own = density[s] * delta[s];
    let weight = exp(-thickness) * absorbed(own);
    thickness += own;
    weights[s] = weight;
    total += weight;
    distance = fma(weight, t[s], distance);
  }
  opacity[ray] = total;
  depth[ray] = distance;
}`,
});

const rayValues = perItem({
  name: 'composite rays, values',
  reads: { values: 'f32', weights: 'f32', rayOffsets: 'i32' },
  writes: { y: 'f32' },
  params: { columns: 'u32' },
  code: `fn each(index: u32) {
  let ray = index / params.columns;
  let column = index % params.columns;
  var sum = 0.0;
  for (var s = rayOffsets[ray]; s < rayOffsets[ray + 1u]; s++) {
    sum = fma(weights[s], values[u32(s) * params.columns + column], sum);
  }
  y[index] = sum;
}`,
});

/** Of every sample the gradient of its weight. */
const weightGradients = perItem({
  name: 'composite rays, gradients of weights',
  reads: {
    values: 'f32',
    dy: 'f32',
    dOpacity: 'f32',
    dDepth: 'f32',
    dWeights: 'f32',
    rayOf: 'u32',
    t: 'f32',
  },
  writes: { g: 'f32' },
  params: { columns: 'u32' },
  code: `fn each(s: u32) {
  let ray = rayOf[s];
  var sum = dOpacity[ray] + dDepth[ray] * t[s] + dWeights[s];
  for (var c = 0u; c < params.columns; c++) {
    sum = fma(dy[ray * params.columns + c], values[s * params.columns + c], sum);
  }
  g[s] = sum;
}`,
});

const valueGradients = perItem({
  name: 'composite rays, gradients of values',
  reads: { weights: 'f32', dy: 'f32', rayOf: 'u32' },
  writes: { dValues: 'f32' },
  params: { columns: 'u32' },
  code: `fn each(index: u32) {
  let s = index / params.columns;
  dValues[index] = weights[s] * dy[rayOf[s] * params.columns + index % params.columns];
}`,
});

/** Forwards: the transmittance behind each sample waits in dDensity. Backwards: what lies behind it is known. */
const densityGradients = perItem({
  name: 'composite rays, gradients of densities',
  reads: { density: 'f32', weights: 'f32', g: 'f32', rayOffsets: 'i32', delta: 'f32' },
  writes: { dDensity: 'f32' },
  params: {},
  code: `fn each(ray: u32) {
  let begin = rayOffsets[ray];
  let end = rayOffsets[ray + 1u];
  var thickness = 0.0;
  for (var s = begin; s < end; s++) {
    thickness += density[s] * delta[s];
    dDensity[s] = exp(-thickness);
  }
  var behind = 0.0;
  for (var s = end - 1; s >= begin; s--) {
    dDensity[s] = delta[s] * (g[s] * dDensity[s] - behind);
    behind = fma(g[s], weights[s], behind);
  }
}`,
});

const rayOfSamples = new WeakMap<Int32Array, Uint32Array>();

/** [S] the ray of every sample. */
const rayOf = (gpu: NerfsegWebGpuBackend, { rayOffsets }: PackedRays): Resident => {
  let rays = rayOfSamples.get(rayOffsets);
  if (!rays) {
    const count = rayOffsets.length - 1;
    rays = new Uint32Array(rayOffsets[count]);
    for (let r = 0; r < count; r++) rays.fill(r, rayOffsets[r], rayOffsets[r + 1]);
    rayOfSamples.set(rayOffsets, rays);
  }
  return uploaded(gpu, rays, 'rays of samples');
};

/** Sampling between voxels and compositing along rays. */
export const renderingKernels: Readonly<Record<string, GpuKernel>> = {
  [SampleVoxels]: (call) => {
    const { gpu } = call;
    const { x } = call.inputs;
    const { corners, indices, weights } = attributes<SampleVoxelsAttrs>(call).interpolation;
    const columns = x.shape[1];
    const y = gpu.allocate([corners === 0 ? 0 : indices.length / corners, columns]);
    runItems(gpu, sample, sizeOf(y.shape), {
      reads: { x, indices: uploaded(gpu, indices, 'corners'), weights: uploaded(gpu, weights, 'weights') },
      writes: { y },
      params: { columns, corners },
    });
    return y;
  },

  [SampleVoxelsGrad]: (call) => {
    const { gpu } = call;
    const { dy } = call.inputs;
    const { interpolation, rows } = attributes<SampleVoxelsAttrs>(call);
    const { corners, indices, weights } = interpolation;
    const columns = dy.shape[1];
    if (indices.length === 0 || rows === 0) return zeros(gpu, [rows, columns]);
    const dx = gpu.allocate([rows, columns]);
    const columnBlocks = Math.ceil(columns / gradientColumns);
    runGroups(gpu, sampleGradient, rows * columnBlocks, {
      reads: { dy, ...groupedRows(gpu, indices, rows), weights: uploaded(gpu, weights, 'weights') },
      writes: { dx },
      params: { columns, columnBlocks, corners },
    });
    return dx;
  },

  [CompositeRays]: (call) => {
    const { gpu } = call;
    const { density, values } = call.inputs;
    const { rays } = attributes<CompositeRaysAttrs>(call);
    const count = rays.rayOffsets.length - 1;
    const columns = values.shape[1];
    const rayOffsets = uploaded(gpu, rays.rayOffsets, 'ray offsets');
    const [t, delta] = [uploaded(gpu, rays.t, 'samples'), uploaded(gpu, rays.delta, 'samples')];
    const [y, opacity, depth, weights] = [[count, columns], [count], [count], density.shape].map((shape) =>
      gpu.allocate(shape),
    );
    runItems(gpu, rayWeights, count, {
      reads: { density, rayOffsets, t, delta },
      writes: { weights, opacity, depth },
    });
    runItems(gpu, rayValues, count * columns, {
      reads: { values, weights, rayOffsets },
      writes: { y },
      params: { columns },
    });
    return [y, opacity, depth, weights];
  },

  [CompositeRaysGrad]: (call) => {
    const { gpu } = call;
    const { density, values, weights, dy, dOpacity, dDepth, dWeights } = call.inputs;
    const { rays } = attributes<CompositeRaysAttrs>(call);
    const count = rays.rayOffsets.length - 1;
    const samples = sizeOf(density.shape);
    const columns = values.shape[1];
    const [dDensity, dValues, g] = [density.shape, values.shape, density.shape].map((s) => gpu.allocate(s));
    const sampleRays = rayOf(gpu, rays);
    runItems(gpu, weightGradients, samples, {
      reads: {
        values,
        dy,
        dOpacity,
        dDepth,
        dWeights,
        rayOf: sampleRays,
        t: uploaded(gpu, rays.t, 'samples'),
      },
      writes: { g },
      params: { columns },
    });
    runItems(gpu, valueGradients, samples * columns, {
      reads: { weights, dy, rayOf: sampleRays },
      writes: { dValues },
      params: { columns },
    });
    runItems(gpu, densityGradients, samples === 0 ? 0 : count, {
      reads: {
        density,
        weights,
        g,
        rayOffsets: uploaded(gpu, rays.rayOffsets, 'ray offsets'),
        delta: uploaded(gpu, rays.delta, 'samples'),
      },
      writes: { dDensity },
    });
    gpu.disposeData(g.dataId);
    return [dDensity, dValues];
  },
};
