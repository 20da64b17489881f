import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { SampleVoxelsAttrs, SampleVoxelsGradInputs, SampleVoxelsInputs } from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';

export const hostSampleVoxels = (
  memory: HostMemory,
  { x }: SampleVoxelsInputs,
  { interpolation: { corners, indices, weights } }: SampleVoxelsAttrs,
): TensorInfo => {
  const width = x.shape[1];
  const samples = corners > 0 ? indices.length / corners : 0;
  const y = memory.make([samples, width]);
  const [target, source] = viewsOf(memory, [y, x]);
  target.fill(0);
  for (let s = 0, to = 0, n = 0; s < samples; s++, to += width) {
    for (let corner = 0; corner < corners; corner++, n++) {
      const weight = weights[n];
      if (indices[n] < 0 || weight === 0) continue;
      const from = indices[n] * width;
      for (let c = 0; c < width; c++) target[to + c] += weight * source[from + c];
    }
  }
  return y;
};

export const hostSampleVoxelsGrad = (
  memory: HostMemory,
  { dy }: SampleVoxelsGradInputs,
  { interpolation: { corners, indices, weights }, rows }: SampleVoxelsAttrs,
): TensorInfo => {
  const width = dy.shape[1];
  const dx = memory.make([rows, width]);
  const [target, gradient] = viewsOf(memory, [dx, dy]);
  target.fill(0);
  for (let s = 0, from = 0, n = 0; s < dy.shape[0]; s++, from += width) {
    for (let corner = 0; corner < corners; corner++, n++) {
      const weight = weights[n];
      if (indices[n] < 0 || weight === 0) continue;
      const to = indices[n] * width;
      for (let c = 0; c < width; c++) target[to + c] += weight * gradient[from + c];
    }
  }
  return dx;
};
