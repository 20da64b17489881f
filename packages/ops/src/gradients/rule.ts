import type { GradConfig, Tensor } from '@tensorflow/tfjs-core';
import { sumToShape } from './sum-to-shape.js';

/** A gradient of a kernel with one output: from dy and what was saved to a lazy gradient per input. */
export const rule = <Attrs>(
  kernelName: string,
  save: { readonly inputs?: readonly string[]; readonly output?: boolean; readonly allInputs?: boolean },
  gradients: (
    dy: Tensor,
    saved: readonly Tensor[],
    attrs: Attrs,
  ) => Record<string, () => Tensor> | (() => Tensor)[],
): GradConfig => ({
  kernelName,
  inputsToSave: [...(save.inputs ?? [])],
  outputsToSave: [save.output ?? false],
  saveAllInputs: save.allInputs ?? false,
  gradFunc: (dy, saved, attrs) =>
    gradients(dy as Tensor, saved, attrs as unknown as Attrs) as unknown as ReturnType<
      GradConfig['gradFunc']
    >,
});

/** A gradient of a kernel x -> y that is a function of dy and x. */
export const unary = (kernelName: string, gradient: (dy: Tensor, x: Tensor) => Tensor): GradConfig =>
  rule(kernelName, { inputs: ['x'] }, (dy, [x]) => ({ x: () => gradient(dy, x) }));

/** A gradient of a kernel x -> y that is a function of dy and y. */
export const unaryOfOutput = (kernelName: string, gradient: (dy: Tensor, y: Tensor) => Tensor): GradConfig =>
  rule(kernelName, { output: true }, (dy, [y]) => ({ x: () => gradient(dy, y) }));

/** A gradient of a broadcasting kernel (a, b) -> y. */
export const binary = (
  kernelName: string,
  ofA: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
  ofB: (dy: Tensor, a: Tensor, b: Tensor) => Tensor,
): GradConfig =>
  rule(kernelName, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
    a: () => sumToShape(ofA(dy, a, b), a.shape),
    b: () => sumToShape(ofB(dy, a, b), b.shape),
  }));
