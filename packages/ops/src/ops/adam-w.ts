import type { Tensor } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostAdamW } from '../host/adam-w.js';
import { AdamW, type AdamWAttrs, type AdamWInputs } from '../kernels.js';
import { portableAdamW } from '../portable/adam-w.js';
import { checkShape } from './check-shape.js';

const primitive: Primitive<AdamWInputs, AdamWAttrs> = {
  name: AdamW,
  portable: portableAdamW,
  host: hostAdamW,
};

/** A parameter with what AdamW knows of it: tensors of one shape; the moments are zeros at first. */
export interface AdamWState {
  readonly parameter: Tensor;
  readonly gradient: Tensor;
  readonly firstMoment: Tensor;
  readonly secondMoment: Tensor;
}

/**
 * One step of AdamW (Loshchilov and Hutter 2019), as PyTorch has it: the decay is decoupled from the moments. All
 * parameters are moved by one call of the engine: a network's many small tensors would cost more in calls than in
 * arithmetic. Not differentiable; the inputs stay as they are.
 *
 * @param states [K] parameters, any shapes
 * @param attrs rates that all share, and each parameter's weightDecay [K]
 * @returns [K] the new [parameter, firstMoment, secondMoment]
 */
export const adamW = (states: readonly AdamWState[], attrs: AdamWAttrs): [Tensor, Tensor, Tensor][] => {
  if (attrs.weightDecay.length !== states.length)
    throw new Error(`adamW: ${attrs.weightDecay.length} weight decays for ${states.length} parameters`);
  const inputs: Tensor[] = [];
  for (const { parameter, gradient, firstMoment, secondMoment } of states) {
    checkShape('adamW', 'parameter', parameter, parameter.shape);
    checkShape('adamW', 'gradient', gradient, parameter.shape);
    checkShape('adamW', 'firstMoment', firstMoment, parameter.shape);
    checkShape('adamW', 'secondMoment', secondMoment, parameter.shape);
    inputs.push(parameter, gradient, firstMoment, secondMoment);
  }
  if (states.length === 0) return [];
  const moved = runPrimitive(primitive, inputs, attrs);
  return states.map((_, k) => [moved[3 * k], moved[3 * k + 1], moved[3 * k + 2]]);
};
