import {
  GatherRows,
  type GatherRowsAttrs,
  ScatterAddRows,
  type ScatterAddRowsAttrs,
  type SegmentAttrs,
  SegmentMax,
  SegmentMaxGrad,
  SegmentMean,
  SegmentMeanGrad,
} from '../../kernels.js';
import { groupedRows } from '../grouped-rows.js';
import { type Program, perItem, runItems } from '../program.js';
import { uploaded } from '../residents.js';
import { zeros } from './fill.js';
import { attributes, type GpuCall, type GpuKernel, sizeOf } from './support.js';

const gather = perItem({
  name: 'gather rows',
  reads: { x: 'f32', indices: 'i32' },
  writes: { y: 'f32' },
  params: { columns: 'u32' },
  code: `fn each(index: u32) {
  let row = indices[index / params.columns];
  var value = 0.0;
  if (row >= 0) { value = x[u32(row) * params.columns + index % params.columns]; }
  y[index] = value;
}`,
});

/** Sums, in ascending order, of the rows that go to each row. */
const gatherSums = perItem({
  name: 'scatter-add rows',
  reads: { x: 'f32', offsets: 'u32', order: 'u32' },
  writes: { y: 'f32' },
  params: { columns: 'u32' },
  code: `fn each(index: u32) {
  let row = index / params.columns;
  let column = index % params.columns;
  var sum = 0.0;
  for (var n = offsets[row]; n < offsets[row + 1u]; n++) { sum += x[order[n] * params.columns + column]; }
  y[index] = sum;
}`,
});

/** A reduction of each segment's rows, column by column. */
const reduction = (name: string, start: string, step: string, finish: string): Program =>
  perItem({
    name,
    reads: { x: 'f32', offsets: 'i32', order: 'i32' },
    writes: { y: 'f32' },
    params: { columns: 'u32' },
    code: `fn each(index: u32) {
  let segment = index / params.columns;
  let column = index % params.columns;
  let begin = offsets[segment];
  let end = offsets[segment + 1u];
  var result = 0.0;
  if (begin < end) {
    ${start}
    for (var n = begin; n < end; n++) {
      let value = x[u32(order[n]) * params.columns + column];
      ${step}
    }
    ${finish}
  }
  y[index] = result;
}`,
  });

const segmentMax = reduction(
  'segment max',
  'result = x[u32(order[begin]) * params.columns + column];',
  'result = select(result, value, value > result);',
  '',
);

const segmentMean = reduction('segment mean', '', 'result += value;', 'result /= f32(end - begin);');

/** The first row that attains the maximum takes the gradient. */
const segmentMaxGradient = perItem({
  name: 'segment max, gradient',
  reads: { x: 'f32', y: 'f32', dy: 'f32', offsets: 'i32', order: 'i32' },
  writes: { dx: 'f32' },
  params: { columns: 'u32' },
  code: `fn each(index: u32) {
  let segment = index / params.columns;
  let column = index % params.columns;
  for (var n = offsets[segment]; n < offsets[segment + 1u]; n++) {
    let at = u32(order[n]) * params.columns + column;
    if (x[at] == y[index]) {
      dx[at] = dy[index];
      return;
    }
  }
}`,
});

const segmentMeanGradient = perItem({
  name: 'segment mean, gradient',
  reads: { dy: 'f32', offsets: 'i32', segmentOf: 'i32' },
  writes: { dx: 'f32' },
  params: { columns: 'u32' },
  code: `fn each(index: u32) {
  let segment = segmentOf[index / params.columns];
  var value = 0.0;
  if (segment >= 0) {
    let count = offsets[segment + 1] - offsets[segment];
    value = dy[u32(segment) * params.columns + index % params.columns] / f32(count);
  }
  dx[index] = value;
}`,
});

const reduce =
  (program: Program): GpuKernel =>
  (call: GpuCall) => {
    const { gpu } = call;
    const { x } = call.inputs;
    const { count, offsets, order } = attributes<SegmentAttrs>(call).segments;
    const columns = x.shape[1];
    const y = gpu.allocate([count, columns]);
    runItems(gpu, program, count * columns, {
      reads: {
        x,
        offsets: uploaded(gpu, offsets, 'segment offsets'),
        order: uploaded(gpu, order, 'segments'),
      },
      writes: { y },
      params: { columns },
    });
    return y;
  };

/** Gathers, scatters and segment reductions of rows. */
export const rowKernels: Readonly<Record<string, GpuKernel>> = {
  [GatherRows]: (call) => {
    const { gpu } = call;
    const { x } = call.inputs;
    const { indices } = attributes<GatherRowsAttrs>(call);
    const columns = x.shape[1];
    const y = gpu.allocate([indices.length, columns]);
    runItems(gpu, gather, sizeOf(y.shape), {
      reads: { x, indices: uploaded(gpu, indices, `${indices.length} indices`) },
      writes: { y },
      params: { columns },
    });
    return y;
  },

  [ScatterAddRows]: (call) => {
    const { gpu } = call;
    const { x } = call.inputs;
    const { indices, rows } = attributes<ScatterAddRowsAttrs>(call);
    const columns = x.shape[1];
    if (indices.length === 0 || rows === 0) return zeros(gpu, [rows, columns]);
    const y = gpu.allocate([rows, columns]);
    runItems(gpu, gatherSums, rows * columns, {
      reads: { x, ...groupedRows(gpu, indices, rows) },
      writes: { y },
      params: { columns },
    });
    return y;
  },

  [SegmentMax]: reduce(segmentMax),
  [SegmentMean]: reduce(segmentMean),

  [SegmentMaxGrad]: (call) => {
    const { gpu } = call;
    const { x, y, dy } = call.inputs;
    const { count, offsets, order } = attributes<SegmentAttrs>(call).segments;
    const columns = x.shape[1];
    const dx = zeros(gpu, x.shape);
    if (sizeOf(x.shape) === 0) return dx;
    runItems(gpu, segmentMaxGradient, count * columns, {
      reads: {
        x,
        y,
        dy,
        offsets: uploaded(gpu, offsets, 'segment offsets'),
        order: uploaded(gpu, order, 'segments'),
      },
      writes: { dx },
      params: { columns },
    });
    return dx;
  },

  [SegmentMeanGrad]: (call) => {
    const { gpu } = call;
    const { dy } = call.inputs;
    const { offsets, segmentOf } = attributes<SegmentAttrs>(call).segments;
    const columns = dy.shape[1];
    const dx = gpu.allocate([segmentOf.length, columns]);
    runItems(gpu, segmentMeanGradient, sizeOf(dx.shape), {
      reads: {
        dy,
        offsets: uploaded(gpu, offsets, 'segment offsets'),
        segmentOf: uploaded(gpu, segmentOf, 'segments'),
      },
      writes: { dx },
      params: { columns },
    });
    return dx;
  },
};
