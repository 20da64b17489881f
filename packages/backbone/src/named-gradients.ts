import { registerStandardGradients } from '@nerfseg/ops';
import * as tf from '@tensorflow/tfjs-core';

/**
 * The loss and its gradient for every variable, under the caller's own names (tfjs names them by its counter). Variables the
 * loss does not reach are left out. The caller disposes the loss and the gradients.
 */
export function namedGradients(
  variables: Readonly<Record<string, tf.Variable>>,
  loss: () => tf.Scalar,
): { value: tf.Scalar; gradients: Record<string, tf.Tensor> } {
  registerStandardGradients();
  const { value, grads } = tf.variableGrads(loss, Object.values(variables));
  const gradients: Record<string, tf.Tensor> = {};
  for (const [name, variable] of Object.entries(variables)) {
    const gradient = grads[variable.name];
    if (gradient) gradients[name] = gradient;
  }
  return { value, gradients };
}
