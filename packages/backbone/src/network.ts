import type { Variable } from '@tensorflow/tfjs-core';
import type { Cylinder3dConfig } from './config.js';

/** A network: its configuration and its variables by stable name (`parameterSpecs` lists names, shapes, layouts). */
export interface Network {
  readonly config: Cylinder3dConfig;
  /** Learnt by gradient. */
  readonly trainable: Readonly<Record<string, Variable>>;
  /** Running means and variances of the batch norms. */
  readonly statistics: Readonly<Record<string, Variable>>;
}
