import type { TensorInfo } from '@tensorflow/tfjs-core';
import { bestTargets } from '../../host/best-class-cross-entropy.js';
import type {
  AdamWAttrs,
  BestClassCrossEntropyAttrs,
  LovaszSoftmaxAttrs,
  SoftmaxCrossEntropyAttrs,
} from '../../kernels.js';
import {
  AdamW,
  BestClassCrossEntropy,
  BestClassCrossEntropyGrad,
  LovaszSoftmax,
  SoftmaxCrossEntropy,
  SoftmaxCrossEntropyGrad,
} from '../../kernels.js';
import {
  attributes,
  floats,
  type KernelCall,
  matrix,
  type NativeKernels,
  output,
  sizeOf,
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

/** Losses and the optimizer. */
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
    const { parameter, gradient, firstMoment, secondMoment } = call.inputs;
    const a = attributes<AdamWAttrs>(call);
    const count = sizeOf(parameter.shape);
    const outputs = [0, 1, 2].map(() => output(call, parameter.shape));
    call.addon.adamW(
      count,
      a.learningRate,
      a.beta1,
      a.beta2,
      a.epsilon,
      a.weightDecay,
      1 - a.beta1 ** a.step,
      1 - a.beta2 ** a.step,
      floats(call, parameter),
      floats(call, gradient),
      floats(call, firstMoment),
      floats(call, secondMoment),
      outputs[0].values,
      outputs[1].values,
      outputs[2].values,
    );
    return outputs.map(({ info }) => info);
  },
};
