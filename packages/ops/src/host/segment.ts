import type { TensorInfo } from '@tensorflow/tfjs-core';
import type {
  SegmentAttrs,
  SegmentMaxGradInputs,
  SegmentMaxInputs,
  SegmentMeanGradInputs,
  SegmentMeanInputs,
} from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';

export const hostSegmentMax = (
  memory: HostMemory,
  { x }: SegmentMaxInputs,
  { segments: { count, offsets, order } }: SegmentAttrs,
): TensorInfo => {
  const width = x.shape[1];
  const y = memory.make([count, width]);
  const [target, source] = viewsOf(memory, [y, x]);
  for (let s = 0, to = 0; s < count; s++, to += width) {
    const end = offsets[s + 1];
    let n = offsets[s];
    if (n === end) {
      target.fill(0, to, to + width);
      continue;
    }
    target.set(source.subarray(order[n] * width, (order[n] + 1) * width), to);
    for (n++; n < end; n++) {
      const from = order[n] * width;
      for (let c = 0; c < width; c++) {
        if (source[from + c] > target[to + c]) target[to + c] = source[from + c];
      }
    }
  }
  return y;
};

export const hostSegmentMaxGrad = (
  memory: HostMemory,
  { x, y, dy }: SegmentMaxGradInputs,
  { segments: { count, offsets, order } }: SegmentAttrs,
): TensorInfo => {
  const width = x.shape[1];
  const dx = memory.make(x.shape);
  const [target, source, most, gradient] = viewsOf(memory, [dx, x, y, dy]);
  target.fill(0);
  const pending = new Float32Array(width);
  for (let s = 0, at = 0; s < count; s++, at += width) {
    // The first row that attains the maximum takes the gradient, and none is pending after it.
    for (let c = 0; c < width; c++) pending[c] = gradient[at + c];
    for (let n = offsets[s]; n < offsets[s + 1]; n++) {
      const row = order[n] * width;
      for (let c = 0; c < width; c++) {
        if (source[row + c] === most[at + c]) {
          target[row + c] = pending[c];
          pending[c] = 0;
        }
      }
    }
  }
  return dx;
};

export const hostSegmentMean = (
  memory: HostMemory,
  { x }: SegmentMeanInputs,
  { segments: { count, offsets, order } }: SegmentAttrs,
): TensorInfo => {
  const width = x.shape[1];
  const y = memory.make([count, width]);
  const [target, source] = viewsOf(memory, [y, x]);
  target.fill(0);
  for (let s = 0, to = 0; s < count; s++, to += width) {
    for (let n = offsets[s]; n < offsets[s + 1]; n++) {
      const from = order[n] * width;
      for (let c = 0; c < width; c++) target[to + c] += source[from + c];
    }
    const scale = 1 / Math.max(1, offsets[s + 1] - offsets[s]);
    for (let c = 0; c < width; c++) target[to + c] *= scale;
  }
  return y;
};

export const hostSegmentMeanGrad = (
  memory: HostMemory,
  { dy }: SegmentMeanGradInputs,
  { segments: { offsets, segmentOf } }: SegmentAttrs,
): TensorInfo => {
  const width = dy.shape[1];
  const dx = memory.make([segmentOf.length, width]);
  const [target, gradient] = viewsOf(memory, [dx, dy]);
  for (let n = 0, to = 0; n < segmentOf.length; n++, to += width) {
    const s = segmentOf[n];
    if (s < 0) {
      target.fill(0, to, to + width);
      continue;
    }
    const scale = 1 / (offsets[s + 1] - offsets[s]);
    for (let c = 0; c < width; c++) target[to + c] = gradient[s * width + c] * scale;
  }
  return dx;
};
