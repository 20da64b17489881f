import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { EncodePointsAttrs } from '../../fused-kernels.js';
import { EncodePoints, EncodePointsGrad, EncodePointsTraining } from '../../fused-kernels.js';
import type { PointEncoderArguments } from '../addon.js';
import {
  attributes,
  floats,
  type KernelCall,
  listed,
  matrix,
  type NativeKernels,
  output,
} from './support.js';

/** Parameters of a layer: gamma, beta, w, bias. */
const perLayer = 4;

const widthsOf = (inputs: readonly TensorInfo[], layers: number): number[] => [
  inputs[0].shape[1],
  ...Array.from({ length: layers }, (_, i) => matrix(inputs[1 + i * perLayer + 2])[1]),
];

const argumentsOf = (
  call: KernelCall,
  inputs: readonly TensorInfo[],
  statistics: readonly Float32Array[],
  hidden: readonly Float32Array[],
): PointEncoderArguments => {
  const { segments, layers, epsilon } = attributes<EncodePointsAttrs>(call);
  const [x, ...parameters] = inputs.slice(0, 1 + layers * perLayer);
  return [
    x.shape[0],
    segments.count,
    layers,
    Int32Array.from(widthsOf(inputs, layers)),
    segments.offsets,
    segments.order,
    epsilon,
    floats(call, x),
    parameters.map((parameter) => floats(call, parameter)),
    statistics,
    hidden.length,
    hidden,
  ];
};

/** Numbers of rows, in the memory of a float32 tensor: tensors of other types are no part of the arena. */
const bits = (values: Float32Array): Int32Array =>
  new Int32Array(values.buffer, values.byteOffset, values.length);

/** The point encoder. */
export const pointEncoderKernels: NativeKernels = {
  [EncodePoints]: (call) => {
    const inputs = listed(call);
    const { segments, layers } = attributes<EncodePointsAttrs>(call);
    const y = output(call, [segments.count, widthsOf(inputs, layers)[layers]]);
    const statistics = inputs.slice(1 + layers * perLayer).map((input) => floats(call, input));
    call.addon.encodePoints(...argumentsOf(call, inputs, statistics, []), 0, y.values, null);
    return y.info;
  },

  [EncodePointsTraining]: (call) => {
    const inputs = listed(call);
    const { segments, layers } = attributes<EncodePointsAttrs>(call);
    const widths = widthsOf(inputs, layers);
    const y = output(call, [segments.count, widths[layers]]);
    const statistics = widths
      .slice(0, layers)
      .flatMap((width) => [output(call, [width]), output(call, [width])]);
    const best = output(call, y.info.shape);
    const hidden = widths.slice(1, layers).map((width) => output(call, [inputs[0].shape[0], width]));
    call.addon.encodePoints(
      ...argumentsOf(
        call,
        inputs,
        statistics.map(({ values }) => values),
        hidden.map(({ values }) => values),
      ),
      1,
      y.values,
      bits(best.values),
    );
    return [y, ...statistics, best, ...hidden].map(({ info }) => info);
  },

  [EncodePointsGrad]: (call) => {
    const all = listed(call);
    const { layers } = attributes<EncodePointsAttrs>(call);
    const parameters = all.slice(1, 1 + layers * perLayer);
    const [, ...outputs] = all.slice(1 + layers * perLayer, -1).map((input) => floats(call, input));
    const [best, ...hidden] = outputs.slice(2 * layers);
    const gradients = parameters.map(({ shape }) => output(call, shape));
    const room = hidden.map(({ length }) => output(call, [length]));
    call.addon.encodePointsGradient(
      ...argumentsOf(call, all, outputs.slice(0, 2 * layers), hidden),
      bits(best),
      floats(call, all[all.length - 1]),
      gradients.map(({ values }) => values),
      room.map(({ values }) => values),
    );
    for (const { info } of room) call.backend.disposeData(info.dataId);
    return gradients.map(({ info }) => info);
  },
};
