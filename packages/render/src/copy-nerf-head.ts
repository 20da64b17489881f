import { type Variable, variable } from '@tensorflow/tfjs-core';
import type { NerfHead } from './nerf-head.js';

/** A head with weights of its own, equal to these: an EMA teacher's start. */
export const copyNerfHead = ({ config, trainable }: NerfHead): NerfHead => {
  const copy: Record<string, Variable> = {};
  for (const [name, weight] of Object.entries(trainable)) {
    const value = weight.clone();
    copy[name] = variable(value);
    value.dispose();
  }
  return { config, trainable: copy };
};

/** Frees a head's weights. */
export const disposeNerfHead = (head: NerfHead): void => {
  for (const weight of Object.values(head.trainable)) weight.dispose();
};
