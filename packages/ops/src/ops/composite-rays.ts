import { fill, type Tensor, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostCompositeRays, hostCompositeRaysGrad } from '../host/composite-rays.js';
import {
  CompositeRays,
  type CompositeRaysAttrs,
  CompositeRaysGrad,
  type CompositeRaysGradInputs,
  type CompositeRaysInputs,
  type PackedRays,
} from '../kernels.js';
import { portableCompositeRays, portableCompositeRaysGrad } from '../portable/composite-rays.js';
import { checkShape } from './check-shape.js';

const gradient: Primitive<CompositeRaysGradInputs, CompositeRaysAttrs> = {
  name: CompositeRaysGrad,
  portable: portableCompositeRaysGrad,
  host: hostCompositeRaysGrad,
};

const composite: Primitive<CompositeRaysInputs, CompositeRaysAttrs> = {
  name: CompositeRays,
  portable: portableCompositeRays,
  host: hostCompositeRays,
  gradient: {
    saveInputs: ['density', 'values'],
    saveOutputs: [false, false, false, true],
    rule: ([dy, dOpacity, dDepth, dWeights], [density, values, weights], attrs) => {
      const [rays, samples] = [dy.shape[0], density.shape[0]];
      const filled = (given: Tensor | undefined, length: number): Tensor => given ?? fill([length], 0);
      const inputs = {
        density,
        values,
        weights,
        dy,
        dOpacity: filled(dOpacity, rays),
        dDepth: filled(dDepth, rays),
        dWeights: filled(dWeights, samples),
      };
      const [dDensity, dValues] = runPrimitive(gradient, inputs, attrs);
      return { density: () => dDensity, values: () => dValues };
    },
  },
};

/** What rays see: the weighted sums along each ray, and the weights. */
export interface CompositedRays {
  /** [R, C] sum of w v. Not divided by the opacity: what no sample stops is missing from it. */
  readonly values: Tensor2D;
  /** [R] sum of w, 0..1. */
  readonly opacity: Tensor1D;
  /** [R] sum of w t, metres; divide by the opacity for the expected distance. */
  readonly depth: Tensor1D;
  /** [S] w = transmittance x alpha. */
  readonly weights: Tensor1D;
}

/**
 * Volume rendering of packed rays (Max 1995; NeRF, Mildenhall et al. 2020, equation 3): alpha = 1 - exp(-density delta),
 * w = alpha prod(1 - alpha of earlier samples). A ray without samples gives zeros. Every output is differentiable in
 * density and values. Stable for any density from 0 to infinity x delta: thin samples add up, none overflows.
 *
 * @param density [S] 1/m, >= 0
 * @param values [S, C] what is rendered: logits, probabilities, colours
 * @param rays samples of ray r are rayOffsets[r] .. rayOffsets[r+1], near to far
 * @throws Error for shapes that do not agree, or offsets that do not ascend from 0
 */
export const compositeRays = (density: Tensor1D, values: Tensor2D, rays: PackedRays): CompositedRays => {
  const { rayOffsets } = rays;
  const samples = rayOffsets[rayOffsets.length - 1];
  if (rayOffsets[0] !== 0) throw new Error(`compositeRays: rayOffsets begin at ${rayOffsets[0]}, expected 0`);
  for (let r = 1; r < rayOffsets.length; r++)
    if (rayOffsets[r] < rayOffsets[r - 1])
      throw new Error(
        `compositeRays: rayOffsets descend from ${rayOffsets[r - 1]} to ${rayOffsets[r]} at ray ${r}`,
      );
  checkShape('compositeRays', 'density', density, [samples]);
  checkShape('compositeRays', 'values', values, [samples, null]);
  if (rays.t.length !== samples || rays.delta.length !== samples) {
    throw new Error(
      `compositeRays: t and delta have ${rays.t.length} and ${rays.delta.length} values, expected ${samples}`,
    );
  }
  const [y, opacity, depth, weights] = runPrimitive(composite, { density, values }, { rays });
  return {
    values: y as Tensor2D,
    opacity: opacity as Tensor1D,
    depth: depth as Tensor1D,
    weights: weights as Tensor1D,
  };
};
