import type { Cylinder3dConfig } from './config.js';
import type { Network } from './network.js';
import { parameterSpecs } from './parameters.js';

/** Trainable numbers of a network, or of the network that a configuration describes (nothing is allocated for that). */
export function countParameters(of: Network | Cylinder3dConfig): number {
  let total = 0;
  for (const { shape, trainable } of parameterSpecs('config' in of ? of.config : of))
    if (trainable) total += shape.reduce((product, n) => product * n, 1);
  return total;
}
