import { engine, type Tensor, type Tensor1D, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { hasKernel, type Primitive, runPrimitive } from '../dispatch.js';
import {
  EncodePoints,
  type EncodePointsAttrs,
  EncodePointsGrad,
  type EncodePointsGradInputs,
  type EncodePointsInputs,
  EncodePointsTraining,
} from '../fused-kernels.js';
import type { Segments } from '../kernels.js';
import { activationAffine } from './activation-affine.js';
import { activationBatchNorm } from './activation-batch-norm.js';
import { checkShape } from './check-shape.js';
import { linear } from './linear.js';
import { segmentMax } from './segment.js';

/** A batch norm of the layer's input (ReLU behind it, but for the first layer's), and a dense layer. */
export interface PointLayer {
  /** [Cin] */
  readonly gamma: Tensor;
  /** [Cin] */
  readonly beta: Tensor;
  /** [Cin, Cout] */
  readonly weight: Tensor;
  /** [Cout] */
  readonly bias: Tensor;
}

/** What a layer's batch norm normalises by: [Cin] each, the variance biased (divided by N). */
export interface PointStatistics {
  readonly mean: Tensor1D;
  readonly variance: Tensor1D;
}

export interface EncodedPoints {
  /** [segments.count, Cout of the last layer] */
  readonly y: Tensor2D;
  /** Of every layer's input: the batch's, or those that were given. */
  readonly statistics: readonly PointStatistics[];
}

/** x and the parameters of the layers, then (inference) statistics: the primitives' inputs. */
type Inputs = readonly Tensor[];

const parametersOf = (layers: readonly PointLayer[]): Tensor[] =>
  layers.flatMap(({ gamma, beta, weight, bias }) => [gamma, beta, weight, bias]);

const pairsOf = (statistics: readonly Tensor[]): PointStatistics[] =>
  Array.from({ length: statistics.length / 2 }, (_, i) => ({
    mean: statistics[2 * i] as Tensor1D,
    variance: statistics[2 * i + 1] as Tensor1D,
  }));

/** The same, op by op: [y, mean and variance of every layer]. What engines without kernels of their own run. */
const composed = ([x, ...rest]: Inputs, { segments, layers, epsilon }: EncodePointsAttrs): Tensor[] =>
  tidy(() => {
    const given = pairsOf(rest.slice(4 * layers));
    const statistics: Tensor[] = [];
    let rows = x as Tensor2D;
    for (let i = 0; i < layers; i++) {
      const [gamma, beta, weight, bias] = rest.slice(4 * i);
      const options = { alpha: i === 0 ? 1 : 0, order: 'after', epsilon } as const;
      const input = rows;
      // The widest tensors of a whole network: each goes as soon as the next one stands.
      const [next, ...found] = tidy(() => {
        const normed = given[i]
          ? { y: activationAffine(input, { gamma, beta, ...given[i] }, options), ...given[i] }
          : activationBatchNorm(input, { gamma, beta }, options);
        const y = linear(normed.y, weight as Tensor2D, bias as Tensor1D);
        return [y, ...(given[i] ? [] : [normed.mean, normed.variance])];
      });
      if (i > 0) input.dispose();
      statistics.push(...(given[i] ? [given[i].mean, given[i].variance] : found));
      rows = next as Tensor2D;
    }
    return [segmentMax(rows, segments), ...statistics];
  });

const inference: Primitive<EncodePointsInputs, EncodePointsAttrs> = { name: EncodePoints };

const gradient: Primitive<EncodePointsGradInputs, EncodePointsAttrs> = { name: EncodePointsGrad };

const training: Primitive<EncodePointsInputs, EncodePointsAttrs> = {
  name: EncodePointsTraining,
  gradient: {
    saveInputs: 'all',
    saveOutputs: 'all',
    rule: ([dy], saved, attrs) => {
      const ofParameters = runPrimitive(gradient, [...saved, dy], attrs);
      const ofPoints = (): never => {
        throw new Error('encodePoints: points are data, there is no gradient with respect to them');
      };
      return [ofPoints, ...ofParameters.map((tensor) => () => tensor)];
    },
  },
};

/** With given statistics while a gradient is recorded (fine-tuning with frozen ones, rarely) the op is composed. */
const isFused = (primitive: typeof training): boolean =>
  hasKernel(primitive.name) && (primitive === training || engine().state.gradientDepth === 0);

/**
 * Features of segments (voxels) from those of their points: layer by layer a batch norm, ReLU (but in the first) and a dense
 * layer over all points, then the maximum of each segment's points, channel by channel. One op, because its rows are a
 * network's widest: nerfseg-cpu runs it without most of them. Differentiable in the parameters; points are data, and
 * statistics pass no gradient on.
 *
 * @param x [N, Cin of the first layer]
 * @param layers at least one; each as wide as the one before it
 * @param segments of N rows, from {@link segmentsOf}; every row has a segment
 * @param options statistics: of every layer, what it normalises by (inference); left out, its input's own (training).
 *   epsilon: default 1e-5
 * @throws where a shape does not fit, or a row has no segment
 */
export const encodePoints = (
  x: Tensor2D,
  layers: readonly PointLayer[],
  segments: Segments,
  options: { readonly statistics?: readonly PointStatistics[]; readonly epsilon?: number } = {},
): EncodedPoints => {
  const { statistics, epsilon = 1e-5 } = options;
  if (layers.length === 0) throw new Error('encodePoints: no layers');
  if (statistics && statistics.length !== layers.length)
    throw new Error(`encodePoints: statistics of ${statistics.length} layers, expected ${layers.length}`);
  checkShape('encodePoints', 'x', x, [segments.segmentOf.length, null]);
  if (segments.order.length !== x.shape[0])
    throw new Error(
      `encodePoints: ${segments.order.length} of ${x.shape[0]} rows have a segment, expected all`,
    );
  layers.forEach(({ gamma, beta, weight, bias }, i) => {
    const width = i === 0 ? x.shape[1] : layers[i - 1].weight.shape[1]!;
    checkShape('encodePoints', `layers[${i}].weight`, weight, [width, null]);
    checkShape('encodePoints', `layers[${i}].bias`, bias, [weight.shape[1]!]);
    for (const [name, tensor] of Object.entries({ gamma, beta, ...statistics?.[i] }))
      checkShape('encodePoints', `layers[${i}].${name}`, tensor, [width]);
  });
  const attrs = { segments, layers: layers.length, epsilon };
  const parameters = [x, ...parametersOf(layers)];
  const primitive = statistics ? inference : training;
  const inputs = statistics
    ? [...parameters, ...statistics.flatMap(({ mean, variance }) => [mean, variance])]
    : parameters;
  const [y, ...rest] = isFused(primitive) ? runPrimitive(primitive, inputs, attrs) : composed(inputs, attrs);
  if (statistics) return { y: y as Tensor2D, statistics };
  // What only the gradient reads, which has its own hold on it.
  for (const tensor of rest.splice(2 * layers.length)) tensor.dispose();
  return { y: y as Tensor2D, statistics: pairsOf(rest) };
};
