import { compositeRays, registerStandardGradients, sumOfAll } from '@nerfseg/ops';
import {
  add,
  concat,
  div,
  fill,
  log,
  logSoftmax,
  maximum,
  mul,
  neg,
  relu,
  reshape,
  slice,
  softmax,
  sub,
  sum,
  type Tensor1D,
  type Tensor2D,
  tensor2d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import type { RadianceField } from './evaluate-nerf-head.js';
import type { RaySamples } from './types.js';

export interface RenderOptions {
  /**
   * 'probabilities': class probabilities are formed at every sample and composited (the better pseudo-labels).
   * 'logits': logits are composited and probabilities formed from the sum (as the paper has it).
   */
  readonly render: 'probabilities' | 'logits';
  /**
   * What the light that no sample absorbed says, when probabilities are composited. 'uniform': any class, so a ray of low
   * opacity is unsure. 'normalise': nothing, so what little was seen decides, and opacity must be judged apart.
   * Default 'uniform'. (Composited logits behave like 'uniform'.)
   */
  readonly unseen?: 'uniform' | 'normalise';
}

/** Rendered rays, as tensors; rows are rays. Class 0 (ignore) has probability 0. */
export type RenderedRays = {
  readonly numClasses: number;
  /** [R, C] rows sum to 1. */
  readonly probabilities: Tensor2D;
  /** [R, C] their logarithms (at least -16; class 0: -100): the logits to give `softmaxCrossEntropy`. */
  readonly logProbabilities: Tensor2D;
  /** [R] over classes 1..C-1, normalised by log(C-1) to 0..1; 0 where there is but one such class. */
  readonly entropy: Tensor1D;
  /** [R] metres along the ray, sum of w t: divide by opacity for the mean depth of what was seen. */
  readonly depth: Tensor1D;
  /** [R] 0..1. */
  readonly opacity: Tensor1D;
  /** [S] compositing weights. */
  readonly weights: Tensor1D;
};

const LEAST_PROBABILITY = 1e-7;
const LOG_NOTHING = -100;
const MASKED = -1e9;
const LEAST_OPACITY = 1e-4;

/**
 * Volumetric compositing of semantics: alpha = 1 - exp(-density delta), w = alpha times the transmittance before it
 * (Max 1995). A ray without samples has opacity 0, uniform probabilities and entropy 1. Differentiable.
 */
export const renderField = (
  field: RadianceField,
  samples: RaySamples,
  options: RenderOptions,
): RenderedRays =>
  tidy(() => {
    registerStandardGradients();
    const numClasses = field.logits.shape[1];
    const named = numClasses - 1;
    const asLogits = options.render === 'logits';
    // The ignored class is masked at the samples and cut off at the rays: cutting at the samples would cost a copy of
    // them all, and its gradient another.
    const mask = tensor2d(
      Float32Array.from({ length: numClasses }, (_, c) => (c === 0 ? MASKED : 0)),
      [1, numClasses],
    );
    const perSample = asLogits ? field.logits : softmax(add(field.logits, mask) as Tensor2D);
    const { values: composited, opacity, depth, weights } = composite(field.density, perSample, samples);
    const values = slice(composited, [0, 1], [samples.rayCount, named]);

    let probabilities: Tensor2D;
    let logProbabilities: Tensor2D;
    if (asLogits) {
      logProbabilities = maximum(logSoftmax(values), Math.log(LEAST_PROBABILITY)) as Tensor2D;
      probabilities = softmax(values);
    } else {
      const seen = reshape(opacity, [samples.rayCount, 1]);
      probabilities =
        options.unseen === 'normalise'
          ? div(add(values, LEAST_OPACITY / named), add(seen, LEAST_OPACITY))
          : add(values, div(relu(sub(1, seen)), named));
      logProbabilities = log(add(probabilities, LEAST_PROBABILITY));
    }
    const surprise = mul(probabilities, log(maximum(probabilities, LEAST_PROBABILITY)));
    const entropy = div(neg(sum(surprise, 1)), Math.log(Math.max(2, named))) as Tensor1D;
    const ignored = (value: number) => fill([samples.rayCount, 1], value) as Tensor2D;
    return {
      numClasses,
      probabilities: concat([ignored(0), probabilities], 1),
      logProbabilities: concat([ignored(LOG_NOTHING), logProbabilities], 1),
      entropy,
      depth,
      opacity,
      weights,
    };
  });

/** `compositeRays`, which without samples gives zeros that stay connected to density and values. */
const composite = (density: Tensor1D, values: Tensor2D, samples: RaySamples) => {
  if (samples.sampleCount > 0) return compositeRays(density, values, samples);
  const nothing = add(sumOfAll(density), sumOfAll(values));
  const none = add(zeros([samples.rayCount]), nothing) as Tensor1D;
  return {
    values: add(zeros([samples.rayCount, values.shape[1]]), nothing) as Tensor2D,
    opacity: none,
    depth: none.clone(),
    weights: density.clone(),
  };
};
