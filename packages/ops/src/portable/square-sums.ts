import { square, stack, sum, type Tensor } from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type { SquareSumsInputs } from '../kernels.js';

export const portableSquareSums = (inputs: TensorsOf<SquareSumsInputs>): Tensor =>
  stack(inputs.map((tensor) => sum(square(tensor))));
