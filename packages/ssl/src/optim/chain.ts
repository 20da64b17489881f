import type { OptimizerState, Transformation, Updates } from './transformation.js';

/**
 * One transformation after the other:
 * `chain(clipByGlobalNorm(10), adamW({ weightDecay: 0.01 }), scaleBySchedule(step => oneCycle(step, 1000, 1e-3)))`.
 */
export const chain = (...links: readonly Transformation[]): Transformation => ({
  init: (parameters) => {
    const states = links.map((link) => link.init(parameters));
    const variables = Object.assign(
      {},
      ...states.map((state) => state.variables),
    ) as OptimizerState['variables'];
    const count = states.reduce((sum, state) => sum + Object.keys(state.variables).length, 0);
    if (Object.keys(variables).length !== count)
      throw new Error('chain: two links keep state under the same names');
    return { variables, counters: {}, links: states };
  },
  update: async (updates, state, parameters) => {
    let current: Updates | undefined = updates;
    for (const [i, link] of links.entries()) {
      if (!current) return undefined;
      current = await link.update(current, state.links![i]!, parameters);
    }
    return current;
  },
});
