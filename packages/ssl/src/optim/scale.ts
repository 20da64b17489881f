import type { Transformation, Updates } from './transformation.js';

const stateless = () => ({ variables: {}, counters: {} });

const scaled = (updates: Updates, factor: number): Updates => ({ ...updates, scale: updates.scale * factor });

/** Multiplies by a number: costs nothing, the factor is applied with the step. */
export const scale = (factor: number): Transformation => ({
  init: stateless,
  update: (updates) => scaled(updates, factor),
});

/** Multiplies by a function of the number of updates made so far (0 at the first): a learning rate's schedule. */
export const scaleBySchedule = (schedule: (step: number) => number): Transformation => ({
  init: () => ({ variables: {}, counters: { step: 0 } }),
  update: (updates, { counters }) => scaled(updates, schedule(counters.step++)),
});
