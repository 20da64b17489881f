import type { Tensor } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive, type TensorsOf } from '../dispatch.js';
import { hostAdamW } from '../host/adam-w.js';
import { AdamW, type AdamWAttrs, type AdamWInputs } from '../kernels.js';
import { portableAdamW } from '../portable/adam-w.js';
import { checkShape } from './check-shape.js';

const primitive: Primitive<AdamWInputs, AdamWAttrs> = {
  name: AdamW,
  portable: portableAdamW,
  host: hostAdamW,
};

/**
 * One step of AdamW (Loshchilov and Hutter 2019), as PyTorch has it: the decay is decoupled from the moments. Not
 * differentiable; the inputs stay as they are.
 *
 * @param inputs parameter, gradient and the two moments (zeros at first), all of one shape
 * @returns the new [parameter, firstMoment, secondMoment]
 */
export const adamW = (inputs: TensorsOf<AdamWInputs>, attrs: AdamWAttrs): [Tensor, Tensor, Tensor] => {
  const { parameter, gradient, firstMoment, secondMoment } = inputs;
  for (const [name, tensor] of Object.entries({ gradient, firstMoment, secondMoment })) {
    checkShape('adamW', name, tensor, parameter.shape);
  }
  const [next, first, second] = runPrimitive(
    primitive,
    { parameter, gradient, firstMoment, secondMoment },
    attrs,
  );
  return [next, first, second];
};
