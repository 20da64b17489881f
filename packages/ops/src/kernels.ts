/**
 * The names and signatures of the kernels behind the ops. An op is a gradient rule over these primitives; each
 * primitive has a portable implementation (tfjs ops only) and may have a kernel registered for a backend under
 * its name here, through tfjs's `registerKernel`. Attributes carry host data (typed arrays) by reference and are
 * immutable: a backend that uploads them caches by identity.
 */
import type { Tensor1D, Tensor2D, Tensor3D, TensorInfo } from '@tensorflow/tfjs-core';
import type { Precision } from './precision.js';

/** For every output row and kernel offset the input row, or -1. Built once per scan, level and kernel shape. */
export interface KernelMap {
  /** Taps of the kernel: product of its shape (rho major, z minor: tap = (i * kp + j) * kz + k). */
  readonly taps: number;
  readonly inRows: number;
  readonly outRows: number;
  /** [outRows * taps] input row, or -1. */
  readonly inputOf: Int32Array;
  /**
   * [inRows * taps] output row, or -1: the same pairs seen from the input. A pair (o, t, i) is in both, so the
   * inverse convolution and the input gradient read this one.
   */
  readonly outputOf: Int32Array;
  /** Present (output, tap, input) triples. */
  readonly pairs: number;
  /**
   * Where the tables follow from coordinates: what from. Engines that read it (webgpu builds tables on the device, nerfseg-cpu
   * lists of pairs) never ask for `inputOf`, `outputOf` and `pairs`, which are computed only when somebody reads them.
   */
  readonly parts?: readonly KernelMapPart[];
  /** Beside `parts`, where the map is some of another's taps: of which, and which. Lists of pairs are shared with it. */
  readonly selected?: { readonly from: KernelMap; readonly taps: readonly number[] };
}

type Three = readonly [number, number, number];

/** One scan's share of a kernel map: tap k of output o reads the input voxel at o * stride - padding + k. */
export interface KernelMapPart {
  /** [inputs * 3] rho, phi, z; its rows begin at `inStart`. */
  readonly inCoords: Int32Array;
  /** [outputs * 3]; its rows begin at `outStart`. */
  readonly outCoords: Int32Array;
  readonly inStart: number;
  readonly outStart: number;
  readonly inShape: Three;
  readonly outShape: Three;
  readonly stride: Three;
  readonly padding: Three;
  readonly wrapAzimuth: boolean;
  /** Offset k along rho, phi, z of every tap. */
  readonly taps: readonly Three[];
}

/** Rows grouped by segment: rows of segment s are `order[offsets[s] .. offsets[s+1])`. */
export interface Segments {
  readonly count: number;
  /** [N] segment of each row, or -1 (the row takes no part). */
  readonly segmentOf: Int32Array;
  /** [count+1] */
  readonly offsets: Int32Array;
  /** rows sorted by segment, stable. */
  readonly order: Int32Array;
}

/** Samples packed ray by ray: samples of ray r are rayOffsets[r] .. rayOffsets[r+1]. */
export interface PackedRays {
  /** [R+1] */
  readonly rayOffsets: Int32Array;
  /** [S] metres along the ray. */
  readonly t: Float32Array;
  /** [S] metres of ray that the sample stands for. */
  readonly delta: Float32Array;
}

export const SparseConv3d = 'NerfsegSparseConv3d';
/** y[o] = sum over taps t of x[inputOf[o, t]] . w[t] (+ bias). */
export interface SparseConv3dInputs {
  /** [inRows, Cin] */
  readonly x: TensorInfo;
  /** [taps, Cin, Cout] */
  readonly w: TensorInfo;
}
export interface SparseConv3dAttrs {
  readonly map: KernelMap;
  /**
   * Which way the map is read. false: rows of x are the map's inputs. true (inverse convolution, input gradient):
   * rows of x are the map's outputs, the result has inRows rows, and tap t pairs through outputOf.
   */
  readonly inverse: boolean;
  /** Use w[t] transposed ([Cout, Cin] read): the input gradient. */
  readonly transposeW: boolean;
  /** What x and w are rounded to before they are multiplied. Default float32. Only webgpu's kernel knows another. */
  readonly precision?: Precision;
}

export const SparseConv3dBackpropFilter = 'NerfsegSparseConv3dBackpropFilter';
/** dw[t] = sum over pairs of tap t of x[in]^T . dy[out]; `inverse` as above. */
export interface SparseConv3dBackpropFilterInputs {
  readonly x: TensorInfo;
  readonly dy: TensorInfo;
}
export interface SparseConv3dBackpropFilterAttrs {
  readonly map: KernelMap;
  readonly inverse: boolean;
}

export const GatherRows = 'NerfsegGatherRows';
/** y[j] = x[indices[j]], or zeros where the index is -1. */
export interface GatherRowsInputs {
  readonly x: TensorInfo;
}
export interface GatherRowsAttrs {
  readonly indices: Int32Array;
  /** Rows of x: the gradient is a ScatterAddRows to as many. */
  readonly rows: number;
}

export const ScatterAddRows = 'NerfsegScatterAddRows';
/** y[indices[j]] += x[j], y of `rows` rows; -1 is skipped. Inputs: x [indices.length, C]. */
export interface ScatterAddRowsInputs {
  readonly x: TensorInfo;
}
export interface ScatterAddRowsAttrs {
  readonly indices: Int32Array;
  readonly rows: number;
}

export const SegmentMax = 'NerfsegSegmentMax';
export const SegmentMaxGrad = 'NerfsegSegmentMaxGrad';
/** y[s, c] = max over the segment's rows (0 for an empty segment). The gradient goes to the first row that attains it. */
export interface SegmentMaxInputs {
  readonly x: TensorInfo;
}
export interface SegmentMaxGradInputs {
  readonly x: TensorInfo;
  readonly y: TensorInfo;
  readonly dy: TensorInfo;
}
export interface SegmentAttrs {
  readonly segments: Segments;
}

export const SegmentMean = 'NerfsegSegmentMean';
export const SegmentMeanGrad = 'NerfsegSegmentMeanGrad';
/** y[s, c] = mean over the segment's rows (0 for an empty segment). Inputs {x}, attrs SegmentAttrs. */
export type SegmentMeanInputs = SegmentMaxInputs;
/** dx[n] = dy[segmentOf[n]] / rows of the segment; 0 where segmentOf is -1. */
export interface SegmentMeanGradInputs {
  readonly dy: TensorInfo;
}

export const ActivationBatchNorm = 'NerfsegActivationBatchNorm';
export const ActivationBatchNormGrad = 'NerfsegActivationBatchNormGrad';
/** Training: z = leakyRelu_alpha(x) (alpha 1: none); y = gamma (z - mean) / sqrt(var + eps) + beta. Outputs [y, mean, variance], biased variance. */
export interface ActivationBatchNormInputs {
  readonly x: TensorInfo;
  readonly gamma: TensorInfo;
  readonly beta: TensorInfo;
}
export interface ActivationBatchNormAttrs {
  /** Slope for negative input: 0.01 LeakyReLU, 0 ReLU, 1 none. */
  readonly alpha: number;
  /** 'before': activation then batch norm (Cylinder3D's U-Net). 'after': batch norm then activation (its point encoder). */
  readonly order: 'before' | 'after';
  readonly epsilon: number;
}
/**
 * Outputs [dx, dgamma, dbeta]; attrs ActivationBatchNormAttrs. mean and variance are the forward kernel's outputs (of the
 * activated x for 'before', of x itself for 'after'); no gradient flows through them as outputs. Order 'after' is
 * y = leakyRelu_alpha(gamma (x - mean) / sqrt(var + eps) + beta).
 */
export interface ActivationBatchNormGradInputs {
  readonly x: TensorInfo;
  readonly gamma: TensorInfo;
  readonly beta: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly dy: TensorInfo;
}

export const ActivationAffine = 'NerfsegActivationAffine';
/** Inference: as ActivationBatchNorm, with the given mean and variance; attrs ActivationBatchNormAttrs; one output y. */
export interface ActivationAffineInputs {
  readonly x: TensorInfo;
  readonly gamma: TensorInfo;
  readonly beta: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
}

export const SampleVoxels = 'NerfsegSampleVoxels';
export const SampleVoxelsGrad = 'NerfsegSampleVoxelsGrad';
/** y[s] = sum over j < corners of weights[s, j] x[indices[s, j]]; index -1 adds nothing. */
export interface VoxelInterpolation {
  readonly corners: number;
  /** [S * corners] */
  readonly indices: Int32Array;
  /** [S * corners] */
  readonly weights: Float32Array;
}
export interface SampleVoxelsInputs {
  /** [rows, C] */
  readonly x: TensorInfo;
}
/** dx[indices[s, j]] += weights[s, j] dy[s]; attrs SampleVoxelsAttrs, dx has `rows` rows. */
export interface SampleVoxelsGradInputs {
  readonly dy: TensorInfo;
}
export interface SampleVoxelsAttrs {
  readonly interpolation: VoxelInterpolation;
  /** Rows of x. */
  readonly rows: number;
}

export const CompositeRays = 'NerfsegCompositeRays';
export const CompositeRaysGrad = 'NerfsegCompositeRaysGrad';
/**
 * alpha = 1 - exp(-density delta), w = alpha * prod(1 - alpha of earlier samples).
 * Outputs [values [R,C] = sum w v, opacity [R] = sum w, depth [R] = sum w t, weights [S]].
 */
export interface CompositeRaysInputs {
  /** [S] 1/m, >= 0 */
  readonly density: TensorInfo;
  /** [S, C] */
  readonly values: TensorInfo;
}
export interface CompositeRaysAttrs {
  readonly rays: PackedRays;
}
/**
 * Outputs [dDensity [S], dValues [S, C]]; attrs CompositeRaysAttrs. With g_i = dy . v_i + dOpacity + dDepth t_i + dWeights_i and
 * T_i the transmittance before sample i: dDensity_i = delta_i (g_i T_i (1 - alpha_i) - sum over later samples k of g_k w_k).
 */
export interface CompositeRaysGradInputs {
  readonly density: TensorInfo;
  readonly values: TensorInfo;
  /** [S] the forward kernel's fourth output. */
  readonly weights: TensorInfo;
  /** [R, C] gradient of the composited values. */
  readonly dy: TensorInfo;
  /** [R] */
  readonly dOpacity: TensorInfo;
  /** [R] */
  readonly dDepth: TensorInfo;
  /** [S] */
  readonly dWeights: TensorInfo;
}

export const SoftmaxCrossEntropy = 'NerfsegSoftmaxCrossEntropy';
export const SoftmaxCrossEntropyGrad = 'NerfsegSoftmaxCrossEntropyGrad';
/** sum over rows of weight[row] * -log softmax(logits)[label] / sum of weights; rows with label 0 (`ignore`) are left out. A scalar, 0 where no row counts. */
export interface SoftmaxCrossEntropyInputs {
  /** [N, C] */
  readonly logits: TensorInfo;
}
/** One output, d loss / d logits * dy; attrs SoftmaxCrossEntropyAttrs. */
export interface SoftmaxCrossEntropyGradInputs {
  readonly logits: TensorInfo;
  /** Scalar. */
  readonly dy: TensorInfo;
}
export interface SoftmaxCrossEntropyAttrs {
  readonly labels: Uint8Array;
  /** [N] per-row weight, default 1. */
  readonly rowWeights?: Float32Array;
}

export const BestClassCrossEntropy = 'NerfsegBestClassCrossEntropy';
export const BestClassCrossEntropyGrad = 'NerfsegBestClassCrossEntropyGrad';
/** SoftmaxCrossEntropy whose labels are the scores' best classes above 0 (of equal ones the lowest), weighed by class. */
export interface BestClassCrossEntropyInputs {
  /** [N, C] */
  readonly logits: TensorInfo;
  /** [N, C] No gradient flows to them. */
  readonly scores: TensorInfo;
}
/** One output, d loss / d logits * dy; attrs BestClassCrossEntropyAttrs. */
export interface BestClassCrossEntropyGradInputs extends BestClassCrossEntropyInputs {
  /** Scalar. */
  readonly dy: TensorInfo;
}
export interface BestClassCrossEntropyAttrs {
  /** [C] >= 0 */
  readonly classWeights: Float32Array;
}

export const LovaszSoftmax = 'NerfsegLovaszSoftmax';
/**
 * Berman et al. 2018, mean over the classes present in the labels, label 0 ignored (neither a class nor its rows count). Outputs
 * [loss (scalar), d loss / d probabilities [N, C]]. Equal errors are ranked by row. 0 where no row is labelled.
 */
export interface LovaszSoftmaxInputs {
  /** [N, C] */
  readonly probabilities: TensorInfo;
}
export interface LovaszSoftmaxAttrs {
  readonly labels: Uint8Array;
}

export const AdamW = 'NerfsegAdamW';
/**
 * Decoupled weight decay (Loshchilov & Hutter 2019), of K parameters at once. Inputs: parameter, gradient, firstMoment and
 * secondMoment of the first, then of the next; outputs: new parameter, firstMoment, secondMoment of the first, then of the next.
 */
export type AdamWInputs = readonly TensorInfo[];
export interface AdamWAttrs {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** [K] one for each parameter. */
  readonly weightDecay: readonly number[];
  /** 1-based, for bias correction. */
  readonly step: number;
}

export const WeightedSums = 'NerfsegWeightedSums';
/**
 * y[k] = weights[0][k] x[0, k] + weights[1][k] x[1, k] (each product rounded to float32), of K tensors at once. Inputs: the K
 * tensors of the first term, then those of the second, where there is one; K outputs.
 */
export type WeightedSumsInputs = readonly TensorInfo[];
export interface WeightedSumsAttrs {
  /** One or two lists of K numbers. */
  readonly weights: readonly (readonly number[])[];
}

export const SquareSums = 'NerfsegSquareSums';
/** y [K]: of each of K tensors the sum of its squares. */
export type SquareSumsInputs = readonly TensorInfo[];

export const Linear = 'NerfsegLinear';
export const LinearBackpropInput = 'NerfsegLinearBackpropInput';
export const LinearBackpropFilter = 'NerfsegLinearBackpropFilter';
/** y = activation(x . w + bias): a dense layer. */
export interface LinearInputs {
  /** [N, Cin] */
  readonly x: TensorInfo;
  /** [Cin, Cout] */
  readonly w: TensorInfo;
  /** [Cout] */
  readonly bias: TensorInfo;
}
export interface LinearAttrs {
  /** leakyRelu has slope 0.01. Each one's derivative is a function of y, so the gradients need y alone. */
  readonly activation: 'none' | 'relu' | 'leakyRelu' | 'sigmoid';
}
/** One output dx = (dy * activation'(y)) . w^T; attrs LinearAttrs. */
export interface LinearBackpropInputInputs {
  readonly w: TensorInfo;
  readonly y: TensorInfo;
  readonly dy: TensorInfo;
}
/** Outputs [dw [Cin, Cout], dbias [Cout]]; attrs LinearAttrs. */
export interface LinearBackpropFilterInputs {
  readonly x: TensorInfo;
  readonly y: TensorInfo;
  readonly dy: TensorInfo;
}

export type Rows = Tensor2D;
export type ConvWeights = Tensor3D;
export type PerRow = Tensor1D;
