import type { GatherRowsAttrs, SampleVoxelsAttrs, ScatterAddRowsAttrs, SegmentAttrs } from '../../kernels.js';
import {
  GatherRows,
  SampleVoxels,
  SampleVoxelsGrad,
  ScatterAddRows,
  SegmentMax,
  SegmentMaxGrad,
  SegmentMean,
  SegmentMeanGrad,
} from '../../kernels.js';
import type { SegmentArguments } from '../addon.js';
import { attributes, floats, type KernelCall, matrix, type NativeKernels, output } from './support.js';

const segmentsOf = (call: KernelCall, columns: number): SegmentArguments => {
  const { segments } = attributes<SegmentAttrs>(call);
  return [
    segments.segmentOf.length,
    segments.count,
    columns,
    segments.offsets,
    segments.order,
    segments.segmentOf,
  ];
};

/** Rows by index and by segment. */
export const rowKernels: NativeKernels = {
  [GatherRows]: (call) => {
    const { x } = call.inputs;
    const { indices } = attributes<GatherRowsAttrs>(call);
    const [rows, columns] = matrix(x);
    const y = output(call, [indices.length, columns]);
    call.addon.gatherRows(rows, columns, indices.length, 1, indices, null, floats(call, x), y.values);
    return y.info;
  },

  [ScatterAddRows]: (call) => {
    const { x } = call.inputs;
    const { indices, rows } = attributes<ScatterAddRowsAttrs>(call);
    const columns = matrix(x)[1];
    const y = output(call, [rows, columns]);
    call.addon.scatterAdd(rows, columns, indices.length, 1, indices, null, floats(call, x), y.values);
    return y.info;
  },

  [SampleVoxels]: (call) => {
    const { x } = call.inputs;
    const { interpolation } = attributes<SampleVoxelsAttrs>(call);
    const { corners, indices, weights } = interpolation;
    const [rows, columns] = matrix(x);
    const samples = indices.length / corners;
    const y = output(call, [samples, columns]);
    call.addon.gatherRows(rows, columns, samples, corners, indices, weights, floats(call, x), y.values);
    return y.info;
  },

  [SampleVoxelsGrad]: (call) => {
    const { dy } = call.inputs;
    const { interpolation, rows } = attributes<SampleVoxelsAttrs>(call);
    const { corners, indices, weights } = interpolation;
    const [samples, columns] = matrix(dy);
    const dx = output(call, [rows, columns]);
    call.addon.scatterAdd(rows, columns, samples, corners, indices, weights, floats(call, dy), dx.values);
    return dx.info;
  },

  [SegmentMax]: (call) => {
    const { x } = call.inputs;
    const segments = segmentsOf(call, matrix(x)[1]);
    const y = output(call, [segments[1], segments[2]]);
    call.addon.segmentMax(...segments, floats(call, x), y.values);
    return y.info;
  },

  [SegmentMaxGrad]: (call) => {
    const { x, y, dy } = call.inputs;
    const segments = segmentsOf(call, matrix(x)[1]);
    const dx = output(call, x.shape);
    call.addon.segmentMaxGradient(...segments, floats(call, x), floats(call, y), floats(call, dy), dx.values);
    return dx.info;
  },

  [SegmentMean]: (call) => {
    const { x } = call.inputs;
    const segments = segmentsOf(call, matrix(x)[1]);
    const y = output(call, [segments[1], segments[2]]);
    call.addon.segmentMean(...segments, floats(call, x), y.values);
    return y.info;
  },

  [SegmentMeanGrad]: (call) => {
    const { dy } = call.inputs;
    const segments = segmentsOf(call, matrix(dy)[1]);
    const dx = output(call, [segments[0], segments[2]]);
    call.addon.segmentMeanGradient(...segments, floats(call, dy), dx.values);
    return dx.info;
  },
};
