import { getGradient, registerGradient } from '@tensorflow/tfjs-core';
import { elementwiseGradients } from './elementwise.js';
import { matrixProductGradient } from './matrix-product.js';
import { reductionGradients } from './reductions.js';
import { shapeGradients } from './shapes.js';

let registered = false;

/**
 * Registers gradients of tfjs's standard kernels (arithmetic, common activations, reductions, shapes, the matrix product) where they are still missing. In Node, `@tensorflow/tfjs-core` by itself has none
 * (its own are modules that only bundlers and the whole `@tensorflow/tfjs` package load), so even `tf.add` could not be
 * differentiated. Gradients that are already there, tfjs's own for example, stay. Any op of this package and
 * `selectEngine` call this; a program that uses neither before `tf.grads` calls it itself.
 */
export const registerStandardGradients = (): void => {
  if (registered) return;
  registered = true;
  const all = [...elementwiseGradients, ...reductionGradients, ...shapeGradients, matrixProductGradient];
  for (const gradient of all) if (getGradient(gradient.kernelName) == null) registerGradient(gradient);
};
