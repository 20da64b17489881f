import {
  BroadcastTo,
  Concat,
  clone,
  concat,
  ExpandDims,
  type GradConfig,
  Pack,
  PadV2,
  pad,
  Reshape,
  Reverse,
  reshape,
  reverse,
  Slice,
  SplitV,
  slice,
  split,
  stack,
  sum,
  Tile,
  Transpose,
  transpose,
  Unpack,
  unstack,
  util,
} from '@tensorflow/tfjs-core';
import { rule } from './rule.js';
import { sumToShape } from './sum-to-shape.js';

/** Gradients of tfjs's kernels that move values about. */
export const shapeGradients: readonly GradConfig[] = [
  rule(Reshape, { inputs: ['x'] }, (dy, [x]) => ({ x: () => reshape(dy, x.shape) })),
  rule(ExpandDims, { inputs: ['input'] }, (dy, [input]) => ({ input: () => reshape(dy, input.shape) })),
  rule(BroadcastTo, { inputs: ['x'] }, (dy, [x]) => ({ x: () => sumToShape(dy, x.shape) })),
  rule<{ perm: number[] }>(Transpose, {}, (dy, _, { perm }) => ({
    x: () =>
      transpose(
        dy,
        Array.from(perm.keys()).sort((a, b) => perm[a] - perm[b]),
      ),
  })),
  rule<{ dims: number | number[] }>(Reverse, {}, (dy, _, { dims }) => ({ x: () => reverse(dy, dims) })),
  rule<{ axis: number }>(Concat, { allInputs: true }, (dy, saved, { axis }) => {
    const along = util.parseAxisParam(axis, saved[0].shape)[0];
    const sizes = saved.map((tensor) => tensor.shape[along] as number);
    // Split at once: what the first of the lazy gradients makes, tfjs would dispose before the second.
    const parts = split(dy, sizes, along);
    return parts.map((part) => () => clone(part));
  }),
  rule<{ axis: number }>(Pack, { allInputs: true }, (dy, _, { axis }) => {
    const parts = unstack(dy, axis);
    return parts.map((part) => () => clone(part));
  }),
  rule<{ begin: number | number[]; size: number | number[] }>(
    Slice,
    { inputs: ['x'] },
    (dy, [x], { begin }) => ({
      x: () => {
        const starts = Array.isArray(begin) ? begin : [begin];
        const sizes = dy.shape as number[];
        const paddings = (x.shape as number[]).map((size, axis): [number, number] => {
          const start = starts[axis] ?? 0;
          return [start, size - start - sizes[axis]];
        });
        return pad(dy, paddings);
      },
    }),
  ),
  rule<{ paddings: [number, number][] }>(PadV2, { inputs: ['x'] }, (dy, [x], { paddings }) => ({
    x: () =>
      slice(
        dy,
        paddings.map(([before]) => before),
        x.shape,
      ),
  })),
  rule<{ reps: number[] }>(Tile, { inputs: ['x'] }, (dy, [x], { reps }) => ({
    x: () => {
      const shape = x.shape as number[];
      const parted = shape.flatMap((size, axis) => [reps[axis], size]);
      return sum(
        reshape(dy, parted),
        shape.map((_, axis) => axis * 2),
      );
    },
  })),
  {
    kernelName: SplitV,
    gradFunc: (dys, _, attrs) => ({
      // Of a single part tfjs hands over the gradient, not a list of one.
      x: () => concat(Array.isArray(dys) ? dys : [dys], Number(attrs.axis)),
    }),
  },
  {
    kernelName: Unpack,
    gradFunc: (dys, _, attrs) => ({
      value: () => stack(Array.isArray(dys) ? dys : [dys], Number(attrs.axis)),
    }),
  },
];
