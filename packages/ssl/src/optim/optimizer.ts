import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensors, OptimizerState, Parameters, Transformation } from './transformation.js';
import { tensorUpdates } from './updates.js';

/** A transformation with the parameters that it moves. */
export interface Optimizer {
  readonly transformation: Transformation;
  readonly parameters: Parameters;
  readonly state: OptimizerState;
}

/** An optimizer that has not moved anything yet. */
export const createOptimizer = (transformation: Transformation, parameters: Parameters): Optimizer => ({
  transformation,
  parameters,
  state: transformation.init(parameters),
});

/**
 * One call of the transformation: moves every parameter that has a gradient. Consumes the gradients.
 *
 * @param mayMove asked before parameters move: where it says no, they stay.
 * @returns whether the parameters moved; false while gradients are gathered.
 */
export async function applyGradients(
  optimizer: Optimizer,
  gradients: NamedTensors,
  mayMove: () => boolean = () => true,
): Promise<boolean> {
  const { transformation, parameters, state } = optimizer;
  const updates = await transformation.update(tensorUpdates(gradients, parameters), state, parameters);
  if (updates && mayMove()) updates.apply(updates.scale);
  else updates?.dispose();
  return updates !== undefined;
}

/** All whole numbers of a state, links in their order: what a checkpoint keeps beside the variables. */
export const countersOf = ({ counters, links = [] }: OptimizerState): Record<string, number>[] => [
  { ...counters },
  ...links.flatMap(countersOf),
];

/** Puts back what `countersOf` gave; false where it is of another optimizer, and nothing is changed. */
export function restoreCounters(state: OptimizerState, saved: readonly Record<string, number>[]): boolean {
  const into = flat(state);
  const names = (counters: Record<string, number>): string => Object.keys(counters).sort().join();
  if (into.length !== saved.length || into.some((own, i) => names(own) !== names(saved[i]!))) return false;
  for (const [i, own] of into.entries()) Object.assign(own, saved[i]);
  return true;
}

const flat = ({ counters, links = [] }: OptimizerState): Record<string, number>[] => [
  counters,
  ...links.flatMap(flat),
];

/** Frees the state; the parameters stay. */
export const disposeOptimizer = ({ state }: Optimizer): void => tf.dispose(state.variables);
