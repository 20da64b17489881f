import { customGrad, type Tensor, zerosLike } from '@tensorflow/tfjs-core';

/** The same values, through which no gradient passes. */
export const stopGradient = <T extends Tensor>(x: T): T =>
  customGrad((value) => ({
    value: (value as Tensor).clone(),
    gradFunc: (dy: Tensor) => zerosLike(dy),
  }))(x) as T;
