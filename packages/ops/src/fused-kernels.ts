/** Kernels that a backend may have, beside those of `kernels.ts`: without them an op is composed of other ops. */
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Segments } from './kernels.js';

export const EncodePoints = 'NerfsegEncodePoints';
export const EncodePointsTraining = 'NerfsegEncodePointsTraining';
export const EncodePointsGrad = 'NerfsegEncodePointsGrad';
/**
 * Of every layer in turn a batch norm of its input (ReLU behind it, but for the first layer) and a dense layer; then the
 * maximum of each segment's rows. Inputs: x [N, C0], and of every layer gamma, beta [Cin], w [Cin, Cout], bias [Cout]; for
 * EncodePoints then the mean and variance [Cin] that each layer normalises by. Output y [count, C] (0 for an empty segment);
 * EncodePointsTraining normalises by its own statistics and has more outputs, which only its gradient can read but for the
 * mean and variance of every layer's input, the second and third, fourth and fifth, ...
 */
export type EncodePointsInputs = readonly TensorInfo[];
/** Inputs: x and the layers' parameters as above, all outputs of EncodePointsTraining, dy. Outputs: of every layer's parameters. */
export type EncodePointsGradInputs = readonly TensorInfo[];
export interface EncodePointsAttrs {
  /** Every row has a segment. */
  readonly segments: Segments;
  readonly layers: number;
  readonly epsilon: number;
}
