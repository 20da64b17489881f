import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CompositeRaysAttrs, CompositeRaysGradInputs, CompositeRaysInputs } from '../kernels.js';
import { type HostMemory, viewsOf } from './memory.js';

export const hostCompositeRays = (
  memory: HostMemory,
  { density, values }: CompositeRaysInputs,
  { rays: { rayOffsets, t, delta } }: CompositeRaysAttrs,
): TensorInfo[] => {
  const rays = rayOffsets.length - 1;
  const channels = values.shape[1];
  const outputs = [
    memory.make([rays, channels]),
    memory.make([rays]),
    memory.make([rays]),
    memory.make(density.shape),
  ];
  const [y, opacity, depth, weights, sigma, v] = viewsOf(memory, [...outputs, density, values]);
  y.fill(0);
  for (let r = 0; r < rays; r++) {
    let thickness = 0;
    let total = 0;
    let distance = 0;
    for (let s = rayOffsets[r]; s < rayOffsets[r + 1]; s++) {
      const own = sigma[s] * delta[s];
      const weight = -Math.exp(-thickness) * Math.expm1(-own);
      thickness += own;
      weights[s] = weight;
      total += weight;
      distance += weight * t[s];
      if (weight === 0) continue;
      for (let c = 0; c < channels; c++) y[r * channels + c] += weight * v[s * channels + c];
    }
    opacity[r] = total;
    depth[r] = distance;
  }
  return outputs;
};

export const hostCompositeRaysGrad = (
  memory: HostMemory,
  { density, values, weights, dy, dOpacity, dDepth, dWeights }: CompositeRaysGradInputs,
  { rays: { rayOffsets, t, delta } }: CompositeRaysAttrs,
): TensorInfo[] => {
  const rays = rayOffsets.length - 1;
  const channels = values.shape[1];
  const outputs = [memory.make(density.shape), memory.make(values.shape)];
  const [dDensity, dValues, sigma, v, w, gradient, ofOpacity, ofDepth, ofWeights] = viewsOf(memory, [
    ...outputs,
    density,
    values,
    weights,
    dy,
    dOpacity,
    dDepth,
    dWeights,
  ]);
  for (let r = 0; r < rays; r++) {
    const start = rayOffsets[r];
    const end = rayOffsets[r + 1];
    // Forwards: the transmittance behind each sample waits in dDensity.
    let thickness = 0;
    for (let s = start; s < end; s++) {
      thickness += sigma[s] * delta[s];
      dDensity[s] = Math.exp(-thickness);
    }
    // Backwards: what lies behind each sample is known when it is reached, summed without cancellation.
    let behind = 0;
    for (let s = end - 1; s >= start; s--) {
      let g = ofOpacity[r] + ofDepth[r] * t[s] + ofWeights[s];
      for (let c = 0; c < channels; c++) {
        const d = gradient[r * channels + c];
        g += d * v[s * channels + c];
        dValues[s * channels + c] = w[s] * d;
      }
      dDensity[s] = delta[s] * (g * dDensity[s] - behind);
      behind += g * w[s];
    }
  }
  return outputs;
};
