import type { CompositeRaysAttrs } from '../../kernels.js';
import { CompositeRays, CompositeRaysGrad } from '../../kernels.js';
import type { RayArguments } from '../addon.js';
import { attributes, floats, type KernelCall, matrix, type NativeKernels, output } from './support.js';

const raysOf = (call: KernelCall): RayArguments => {
  const { rays } = attributes<CompositeRaysAttrs>(call);
  const [samples, classes] = matrix(call.inputs.values);
  return [rays.rayOffsets.length - 1, samples, classes, rays.rayOffsets, rays.t, rays.delta];
};

/** Volume rendering over packed rays. */
export const renderingKernels: NativeKernels = {
  [CompositeRays]: (call) => {
    const { density, values } = call.inputs;
    const rays = raysOf(call);
    const [count, samples, classes] = rays;
    const out = output(call, [count, classes]);
    const opacity = output(call, [count]);
    const depth = output(call, [count]);
    const weights = output(call, [samples]);
    call.addon.compositeRays(
      ...rays,
      floats(call, density),
      floats(call, values),
      out.values,
      opacity.values,
      depth.values,
      weights.values,
    );
    return [out.info, opacity.info, depth.info, weights.info];
  },

  [CompositeRaysGrad]: (call) => {
    const { density, values, weights, dy, dOpacity, dDepth, dWeights } = call.inputs;
    const dDensity = output(call, density.shape);
    const dValues = output(call, values.shape);
    call.addon.compositeRaysGradient(
      ...raysOf(call),
      floats(call, density),
      floats(call, values),
      floats(call, weights),
      floats(call, dy),
      floats(call, dOpacity),
      floats(call, dDepth),
      floats(call, dWeights),
      dDensity.values,
      dValues.values,
    );
    return [dDensity.info, dValues.info];
  },
};
