import { square, stack, sum, type Tensor, zeros } from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type { SquareSumsInputs } from '../kernels.js';

export const portableSquareSums = (inputs: TensorsOf<SquareSumsInputs>): Tensor =>
  // wasm leaves sums over nothing unset.
  stack(inputs.map((tensor) => (tensor.size === 0 ? zeros([]) : sum(square(tensor)))));
