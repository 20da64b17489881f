import {
  AddN,
  Cumsum,
  cast,
  clone,
  cumsum,
  equal,
  exp,
  expandDims,
  type GradConfig,
  LogSoftmax,
  Max,
  Mean,
  Min,
  mul,
  onesLike,
  reshape,
  Softmax,
  Sum,
  scalar,
  sub,
  sum,
  type Tensor,
  util,
} from '@tensorflow/tfjs-core';
import { rule } from './rule.js';

interface ReduceAttrs {
  readonly axis: number | number[] | null;
}

const keptShape = (shape: number[], axis: number | number[] | null): number[] => {
  const reduced = util.parseAxisParam(axis === null ? shape.map((_, n) => n) : axis, shape);
  return shape.map((size, n) => (reduced.includes(n) ? 1 : size));
};

/** dy of a reduction, repeated to the shape of its input. Not by tfjs's `ones`, which makes them on the host. */
const spread = (dy: Tensor, x: Tensor, axis: number | number[] | null): Tensor =>
  mul(reshape(dy, keptShape(x.shape, axis)), onesLike(x));

/** The gradient of a maximum or minimum goes to every element that attains it. */
const toExtremes = (dy: Tensor, x: Tensor, y: Tensor, axis: number | number[] | null): Tensor => {
  const kept = keptShape(x.shape, axis);
  return mul(reshape(dy, kept), cast(equal(x, reshape(y, kept)), 'float32'));
};

/** Gradients of tfjs's reductions and of what is made of them. */
export const reductionGradients: readonly GradConfig[] = [
  rule<ReduceAttrs>(Sum, { inputs: ['x'] }, (dy, [x], { axis }) => ({ x: () => spread(dy, x, axis) })),
  rule<ReduceAttrs>(Mean, { inputs: ['x'] }, (dy, [x], { axis }) => ({
    x: () => mul(spread(dy, x, axis), scalar(dy.size / Math.max(1, x.size))),
  })),
  ...[Max, Min].map((kernelName) =>
    rule<{ reductionIndices?: number | number[]; axis?: number | number[] }>(
      kernelName,
      { inputs: ['x'], output: true },
      (dy, [x, y], attrs) => ({
        x: () => toExtremes(dy, x, y, attrs.reductionIndices ?? attrs.axis ?? null),
      }),
    ),
  ),
  rule(AddN, { allInputs: true }, (dy, saved) => saved.map(() => () => clone(dy))),
  rule<{ axis: number; exclusive: boolean; reverse: boolean }>(Cumsum, {}, (dy, _, attrs) => ({
    x: () => cumsum(dy, attrs.axis, attrs.exclusive, !attrs.reverse),
  })),
  rule<{ dim: number }>(Softmax, { output: true }, (dy, [y], { dim }) => ({
    logits: () => {
      const weighted = mul(dy, y);
      return sub(weighted, mul(expandDims(sum(weighted, dim), dim), y));
    },
  })),
  rule<{ axis: number }>(LogSoftmax, { output: true }, (dy, [y], { axis }) => ({
    logits: () => sub(dy, mul(expandDims(sum(dy, axis), axis), exp(y))),
  })),
];
