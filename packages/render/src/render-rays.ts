import { type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { evaluateNerfHead, type RadianceField } from './evaluate-nerf-head.js';
import type { NerfHead } from './nerf-head.js';
import { type RenderedRays, type RenderOptions, renderField } from './render-field.js';
import type { RaySamples } from './types.js';

export interface RenderRaysOptions extends RenderOptions {
  /** [V_0, C] of the finest level; needed where the head shares the voxel classifier. */
  readonly voxelLogits?: Tensor2D;
}

/**
 * Evaluates the head at the samples and composites: density [S] and logits [S, C] of the samples, and what they
 * render to. Differentiable; every intermediate tensor is freed (outside a gradient computation).
 *
 * @param features [V_l, C_l] per level, in the order of `marchRays`' levels.
 */
export const renderRays = (
  head: NerfHead,
  features: readonly Tensor2D[],
  samples: RaySamples,
  options: RenderRaysOptions,
): RenderedRays & RadianceField =>
  tidy(() => {
    const field = evaluateNerfHead(head, features, samples, options.voxelLogits);
    return { ...renderField(field, samples, options), ...field };
  });
