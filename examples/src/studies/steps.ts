import type { MethodName } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { pointsWeighOne } from './points-weigh-one.js';
import { runsOf, type Variant, variantTables } from './variants.js';

const first = (method: MethodName, settings: Variant['run']['settings']): Variant => ({
  name: `${method}, 800 steps`,
  run: {
    method,
    dataset: 'nuscenes-like',
    fraction: 1,
    settings: { steps: 800, ...pointsWeighOne(method), ...settings },
  },
});

/** As the first runs of the tables were, with that time's settings. */
const fewer: readonly Variant[] = [
  first('supervised', {}),
  first('nerf', { pseudoConflict: 'mask', pseudoWeight: 1 }),
  first('mean-teacher', { consistencyWeight: 500 }),
];

/** The present settings but the number of steps. */
const more = (fraction: number): readonly Variant[] =>
  (['supervised', 'nerf', 'projection'] as const).map((method) => ({
    name: `${method}, 3,000 steps`,
    run: { method, dataset: 'nuscenes-like', fraction, settings: { steps: 3000 } },
  }));

/** What runs two thirds and two and a half times as long as the tables' give: teachers need a network that has learned something. */
export const steps: Study = {
  name: 'steps',
  question: 'The same methods at fewer steps, and at more.',
  runs: (seeds, real) => (real ? [] : runsOf([...more(1), ...more(10), ...fewer], seeds)),
  table: (results) =>
    variantTables(
      [
        ['1 % labels:', more(1)],
        ['10 % labels:', more(10)],
        ['1 % labels, first runs:', fewer],
      ],
      results,
    ),
};
