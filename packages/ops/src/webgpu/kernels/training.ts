import type { TensorInfo } from '@tensorflow/tfjs-core';
import {
  AdamW,
  type AdamWAttrs,
  BestClassCrossEntropy,
  type BestClassCrossEntropyAttrs,
  BestClassCrossEntropyGrad,
  LovaszSoftmax,
  type LovaszSoftmaxAttrs,
  SoftmaxCrossEntropy,
  type SoftmaxCrossEntropyAttrs,
  SoftmaxCrossEntropyGrad,
} from '../../kernels.js';
import { rowShares } from '../../portable/softmax-cross-entropy.js';
import type { NerfsegWebGpuBackend } from '../backend.js';
import { perItem, runItems } from '../program.js';
import type { Resident } from '../resident.js';
import { zeros } from './fill.js';
import { lovasz } from './lovasz.js';
import { attributes, type GpuKernel, sizeOf } from './support.js';
import { sumAll } from './total-sums.js';

/**
 * [N] pairs of label and share of the loss; undefined where no row counts. The caller releases them. Made for each call: labels and weights
 * are small, and whoever trains may fill the same arrays anew.
 */
const rowTargets = (gpu: NerfsegWebGpuBackend, attrs: SoftmaxCrossEntropyAttrs): Resident | undefined => {
  const shares = rowShares(attrs);
  if (!shares) return undefined;
  const bytes = new ArrayBuffer(shares.length * 8);
  const [labels, floats] = [new Uint32Array(bytes), new Float32Array(bytes)];
  for (let n = 0; n < shares.length; n++) {
    labels[2 * n] = attrs.labels[n];
    floats[2 * n + 1] = shares[n];
  }
  return gpu.uploadResident(floats, 'labels');
};

const bestClasses = perItem({
  name: 'best classes and their weights',
  reads: { scores: 'f32', classWeights: 'f32' },
  writes: { targets: 'vec2f', weights: 'f32' },
  params: { classes: 'u32' },
  code: `fn each(row: u32) {
  let first = row * params.classes;
  var best = 1u;
  for (var c = 2u; c < params.classes; c++) {
    if (scores[first + c] > scores[first + best]) { best = c; }
  }
  weights[row] = classWeights[best];
  targets[row] = vec2f(bitcast<f32>(best), classWeights[best]);
}`,
});

const sharesOfTotal = perItem({
  name: 'shares of the total weight',
  reads: { total: 'f32' },
  writes: { targets: 'vec2f' },
  params: {},
  code: `fn each(row: u32) {
  let weight = targets[row].y;
  targets[row].y = select(0.0, weight / total[0], total[0] > 0.0);
}`,
});

/** [N] pairs of label and share of the loss, from scores on the device. The caller releases them. */
const bestTargets = (gpu: NerfsegWebGpuBackend, scores: TensorInfo, classWeights: Float32Array): Resident => {
  const [rows, classes] = scores.shape;
  const targets = gpu.allocateResident(rows * 8, 'labels');
  const weights = gpu.allocate([rows]);
  const perClass = gpu.uploadResident(classWeights, 'class weights');
  runItems(gpu, bestClasses, rows, {
    reads: { scores, classWeights: perClass },
    writes: { targets, weights },
    params: { classes },
  });
  const total = sumAll(gpu, weights);
  runItems(gpu, sharesOfTotal, rows, { reads: { total }, writes: { targets } });
  for (const { dataId } of [weights, total]) gpu.disposeData(dataId);
  gpu.release(perClass);
  return targets;
};

const logSumExp = `fn logSumExp(row: u32) -> f32 {
  var most = logits[row * params.classes];
  for (var c = 1u; c < params.classes; c++) { most = max(most, logits[row * params.classes + c]); }
  var sum = 0.0;
  for (var c = 0u; c < params.classes; c++) { sum += exp(logits[row * params.classes + c] - most); }
  return most + log(sum);
}`;

const rowLosses = perItem({
  name: 'cross-entropy of rows',
  reads: { logits: 'f32', targets: 'vec2f' },
  writes: { losses: 'f32' },
  params: { classes: 'u32' },
  code: `${logSumExp}
fn each(row: u32) {
  let label = bitcast<u32>(targets[row].x);
  let share = targets[row].y;
  var loss = 0.0;
  if (share != 0.0) { loss = share * (logSumExp(row) - logits[row * params.classes + label]); }
  losses[row] = loss;
}`,
});

const rowGradients = perItem({
  name: 'cross-entropy, gradient',
  reads: { logits: 'f32', targets: 'vec2f', dy: 'f32' },
  writes: { gradient: 'f32' },
  params: { classes: 'u32' },
  code: `${logSumExp}
fn each(row: u32) {
  let label = bitcast<u32>(targets[row].x);
  let share = targets[row].y * dy[0];
  let normaliser = logSumExp(row);
  for (var c = 0u; c < params.classes; c++) {
    let at = row * params.classes + c;
    var value = exp(logits[at] - normaliser);
    if (c == label) { value -= 1.0; }
    gradient[at] = share * value;
  }
}`,
});

const adamW = perItem({
  name: 'AdamW',
  reads: { parameter: 'f32', gradient: 'f32', firstMoment: 'f32', secondMoment: 'f32' },
  writes: { next: 'f32', first: 'f32', second: 'f32' },
  params: {
    beta1: 'f32',
    rest1: 'f32',
    beta2: 'f32',
    rest2: 'f32',
    epsilon: 'f32',
    kept: 'f32',
    rate: 'f32',
    unbias2: 'f32',
  },
  code: `fn each(index: u32) {
  let g = gradient[index];
  let m = params.beta1 * firstMoment[index] + params.rest1 * g;
  let v = params.beta2 * secondMoment[index] + params.rest2 * g * g;
  first[index] = m;
  second[index] = v;
  next[index] = params.kept * parameter[index] - params.rate * m / (sqrt(v * params.unbias2) + params.epsilon);
}`,
});

const crossEntropy = (gpu: NerfsegWebGpuBackend, logits: TensorInfo, targets: Resident): TensorInfo => {
  const [rows, classes] = logits.shape;
  const losses = gpu.allocate([rows]);
  runItems(gpu, rowLosses, rows, { reads: { logits, targets }, writes: { losses }, params: { classes } });
  const loss = sumAll(gpu, losses);
  gpu.disposeData(losses.dataId);
  return loss;
};

const crossEntropyGradient = (
  gpu: NerfsegWebGpuBackend,
  logits: TensorInfo,
  dy: TensorInfo,
  targets: Resident,
): TensorInfo => {
  const [rows, classes] = logits.shape;
  const gradient = gpu.allocate(logits.shape);
  runItems(gpu, rowGradients, rows, {
    reads: { logits, targets, dy },
    writes: { gradient },
    params: { classes },
  });
  return gradient;
};

/** @param state parameter, gradient, first and second moment */
const moved = (
  gpu: NerfsegWebGpuBackend,
  [parameter, gradient, firstMoment, secondMoment]: readonly TensorInfo[],
  { learningRate, beta1, beta2, epsilon, step }: AdamWAttrs,
  weightDecay: number,
): TensorInfo[] => {
  const [next, first, second] = [0, 1, 2].map(() => gpu.allocate(parameter.shape));
  runItems(gpu, adamW, sizeOf(parameter.shape), {
    reads: { parameter, gradient, firstMoment, secondMoment },
    writes: { next, first, second },
    params: {
      beta1,
      rest1: 1 - beta1,
      beta2,
      rest2: 1 - beta2,
      epsilon,
      kept: 1 - learningRate * weightDecay,
      rate: learningRate / (1 - beta1 ** step),
      unbias2: 1 / (1 - beta2 ** step),
    },
  });
  return [next, first, second];
};

/** Losses and the optimizer. */
export const trainingKernels: Readonly<Record<string, GpuKernel>> = {
  [SoftmaxCrossEntropy]: (call) => {
    const targets = rowTargets(call.gpu, attributes(call));
    if (!targets) return zeros(call.gpu, []);
    const loss = crossEntropy(call.gpu, call.inputs.logits, targets);
    call.gpu.release(targets);
    return loss;
  },

  [SoftmaxCrossEntropyGrad]: (call) => {
    const { logits, dy } = call.inputs;
    const targets = rowTargets(call.gpu, attributes(call));
    if (!targets) return zeros(call.gpu, logits.shape);
    const gradient = crossEntropyGradient(call.gpu, logits, dy, targets);
    call.gpu.release(targets);
    return gradient;
  },

  [BestClassCrossEntropy]: (call) => {
    const { logits, scores } = call.inputs;
    if (logits.shape[0] === 0) return zeros(call.gpu, []);
    const targets = bestTargets(call.gpu, scores, attributes<BestClassCrossEntropyAttrs>(call).classWeights);
    const loss = crossEntropy(call.gpu, logits, targets);
    call.gpu.release(targets);
    return loss;
  },

  [BestClassCrossEntropyGrad]: (call) => {
    const { logits, scores, dy } = call.inputs;
    if (logits.shape[0] === 0) return zeros(call.gpu, logits.shape);
    const targets = bestTargets(call.gpu, scores, attributes<BestClassCrossEntropyAttrs>(call).classWeights);
    const gradient = crossEntropyGradient(call.gpu, logits, dy, targets);
    call.gpu.release(targets);
    return gradient;
  },

  [LovaszSoftmax]: (call) =>
    lovasz(call.gpu, call.inputs.probabilities, attributes<LovaszSoftmaxAttrs>(call).labels),

  [AdamW]: (call) => {
    const tensors = Object.values(call.inputs);
    const attrs = attributes<AdamWAttrs>(call);
    return attrs.weightDecay.flatMap((decay, k) =>
      moved(call.gpu, tensors.slice(4 * k, 4 * k + 4), attrs, decay),
    );
  },
};
