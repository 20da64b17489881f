import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bestTargets } from '../../host/best-class-cross-entropy.js';
import type {
  AdamWAttrs,
  BestClassCrossEntropyAttrs,
  LovaszSoftmaxAttrs,
  SoftmaxCrossEntropyAttrs,
  WeightedSumsAttrs,
} from '../../kernels.js';
import {
  AdamW,
  BestClassCrossEntropy,
  BestClassCrossEntropyGrad,
  LovaszSoftmax,
  SoftmaxCrossEntropy,
  SoftmaxCrossEntropyGrad,
  SquareSums,
  WeightedSums,
} from '../../kernels.js';
import {
  attributes,
  floats,
  type KernelCall,
  listed,
  matrix,
  type NativeKernels,
  output,
} from './support.js';

const crossEntropy = (call: KernelCall, { labels, rowWeights }: SoftmaxCrossEntropyAttrs): TensorInfo => {
  const { logits } = call.inputs;
  const loss = output(call, []);
  call.addon.crossEntropy(...matrix(logits), floats(call, logits), labels, rowWeights ?? null, loss.values);
  return loss.info;
};

const crossEntropyGradient = (
  call: KernelCall,
  { labels, rowWeights }: SoftmaxCrossEntropyAttrs,
): TensorInfo => {
  const { logits, dy } = call.inputs;
  const gradient = output(call, logits.shape);
  const scale = floats(call, dy)[0];
  call.addon.crossEntropyGradient(
    ...matrix(logits),
    floats(call, logits),
    labels,
    rowWeights ?? null,
    scale,
    gradient.values,
  );
  return gradient.info;
};

const bestOf = (call: KernelCall): SoftmaxCrossEntropyAttrs =>
  bestTargets(floats(call, call.inputs.scores), attributes<BestClassCrossEntropyAttrs>(call));

/** Losses and what moves parameters. */
export const trainingKernels: NativeKernels = {
  [SoftmaxCrossEntropy]: (call) => crossEntropy(call, attributes(call)),

  [SoftmaxCrossEntropyGrad]: (call) => crossEntropyGradient(call, attributes(call)),

  [BestClassCrossEntropy]: (call) => crossEntropy(call, bestOf(call)),

  [BestClassCrossEntropyGrad]: (call) => crossEntropyGradient(call, bestOf(call)),

  [LovaszSoftmax]: (call) => {
    const { probabilities } = call.inputs;
    const { labels } = attributes<LovaszSoftmaxAttrs>(call);
    const loss = output(call, []);
    const gradient = output(call, probabilities.shape);
    call.addon.lovasz(
      ...matrix(probabilities),
      floats(call, probabilities),
      labels,
      loss.values,
      gradient.values,
    );
    return [loss.info, gradient.info];
  },

  [AdamW]: (call) => {
    const inputs = listed(call);
    const { learningRate, beta1, beta2, epsilon, weightDecay, step } = attributes<AdamWAttrs>(call);
    const outputs = weightDecay.flatMap((_, k) => [0, 1, 2].map(() => output(call, inputs[4 * k].shape)));
    call.addon.adamW(
      weightDecay.length,
      learningRate,
      beta1,
      beta2,
      epsilon,
      1 - beta1 ** step,
      1 - beta2 ** step,
      weightDecay,
      inputs.map((input) => floats(call, input)),
      outputs.map(({ values }) => values),
    );
    return outputs.map(({ info }) => info);
  },

  [WeightedSums]: (call) => {
    const inputs = listed(call);
    const { weights } = attributes<WeightedSumsAttrs>(call);
    const outputs = weights[0].map((_, k) => output(call, inputs[k].shape));
    call.addon.weightedSums(
      outputs.length,
      weights.length,
      weights.flat(),
      inputs.map((input) => floats(call, input)),
      outputs.map(({ values }) => values),
    );
    return outputs.map(({ info }) => info);
  },

  [SquareSums]: (call) => {
    const inputs = listed(call);
    const sums = output(call, [inputs.length]);
    call.addon.squareSums(
      inputs.length,
      inputs.map((input) => floats(call, input)),
      sums.values,
    );
    return sums.info;
  },
};
