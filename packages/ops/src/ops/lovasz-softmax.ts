import { mul, type Scalar, type Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostLovaszSoftmax } from '../host/lovasz-softmax.js';
import { LovaszSoftmax, type LovaszSoftmaxAttrs, type LovaszSoftmaxInputs } from '../kernels.js';
import { portableLovaszSoftmax } from '../portable/lovasz-softmax.js';
import { checkLabels } from './check-labels.js';
import { checkShape } from './check-shape.js';

const lovasz: Primitive<LovaszSoftmaxInputs, LovaszSoftmaxAttrs> = {
  name: LovaszSoftmax,
  portable: portableLovaszSoftmax,
  host: hostLovaszSoftmax,
  gradient: {
    saveInputs: [],
    saveOutputs: [false, true],
    // The forward kernel sorts once and leaves the gradient beside the loss.
    rule: ([dy], [gradient]) => ({ probabilities: () => mul(gradient, dy) }),
  },
};

/**
 * The Lovasz-softmax loss (Berman et al. 2018), a surrogate of 1 - mean IoU: mean over the classes that occur in the
 * labels; rows with label 0 (ignore) are left out; 0 where no row is labelled. Differentiable in the probabilities.
 *
 * @param probabilities [N, C] rows after softmax
 * @param labels [N] 0 .. C - 1, 0 = ignore
 */
export const lovaszSoftmax = (probabilities: Tensor2D, labels: Uint8Array): Scalar => {
  checkShape('lovaszSoftmax', 'probabilities', probabilities, [labels.length, null]);
  checkLabels('lovaszSoftmax', labels, probabilities.shape[0], probabilities.shape[1]);
  const [loss, gradient] = runPrimitive(lovasz, { probabilities }, { labels });
  gradient.dispose();
  return loss as Scalar;
};
