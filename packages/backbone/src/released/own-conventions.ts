import { normEpsilon } from '../forward-pass.js';

/** Values by this project's parameter names. */
export type Values = Readonly<Record<string, Float32Array>>;

/**
 * mmdetection3d counts the ignored class last, this project (and the authors) first: the classifier's last column becomes its first.
 */
export function ignoredClassFirst(values: Values, numClasses: number): Values {
  const rotate = (from: Float32Array): Float32Array => {
    const to = new Float32Array(from.length);
    for (let i = 0; i < from.length; i++) {
      const column = i % numClasses;
      to[i - column + ((column + 1) % numClasses)] = from[i];
    }
    return to;
  };
  return {
    ...values,
    'logits.weight': rotate(values['logits.weight']),
    'logits.bias': rotate(values['logits.bias']),
  };
}

/**
 * Lets a network that learnt intensities 0..`full` read them as 0..1. The first norm takes intensity as its last input; the norm of a
 * scaled value is the norm with scaled statistics: mean / full, and weight and variance such that weight / sqrt(variance + epsilon)
 * grows by `full`.
 */
export function unitIntensity(values: Values, full: number): Values {
  const copy = (name: string): Float32Array => values[`point.norm.${name}`].slice();
  const [mean, variance, weight] = [copy('mean'), copy('variance'), copy('weight')];
  const last = mean.length - 1;
  const before = variance[last];
  mean[last] /= full;
  variance[last] = before / (full * full);
  weight[last] *= full * Math.sqrt((variance[last] + normEpsilon) / (before + normEpsilon));
  return { ...values, 'point.norm.mean': mean, 'point.norm.variance': variance, 'point.norm.weight': weight };
}

const unused = 'context.branchB.norm0';

const isConstant = (values: Float32Array, constant: number): boolean =>
  values.every((value) => value === constant);

/**
 * Whether the context block's third norm was never applied. The authors' code for spconv 2 assigns its result to a misspelt name: the
 * norm counts statistics but gets no gradient, so that its weights are exactly 1 and 0 where its neighbour's are not.
 */
export const hasUnusedNorm = (values: Values): boolean =>
  isConstant(values[`${unused}.weight`], 1) &&
  isConstant(values[`${unused}.bias`], 0) &&
  !(
    isConstant(values['context.branchA.norm0.weight'], 1) &&
    isConstant(values['context.branchA.norm0.bias'], 0)
  );

/** Makes that norm the identity in inference. */
export const withoutUnusedNorm = (values: Values): Values => ({
  ...values,
  [`${unused}.mean`]: values[`${unused}.mean`].map(() => 0),
  [`${unused}.variance`]: values[`${unused}.variance`].map(() => 1 - normEpsilon),
});
