import { add, mul, type Tensor, tidy } from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type { WeightedSumsAttrs, WeightedSumsInputs } from '../kernels.js';

export const portableWeightedSums = (
  inputs: TensorsOf<WeightedSumsInputs>,
  { weights: [first, second] }: WeightedSumsAttrs,
): Tensor[] =>
  first.map((weight, k) =>
    tidy(() => {
      const scaled = mul(inputs[k], weight);
      return second ? add(scaled, mul(inputs[first.length + k], second[k])) : scaled;
    }),
  );
