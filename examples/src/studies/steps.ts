import type { MethodName } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { longSteps } from '../tables/targets.js';
import { pointsWeighOne } from './points-weigh-one.js';
import { tableMethods } from './table1.js';
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

const longer = (fraction: number, methods: readonly MethodName[]): readonly Variant[] =>
  methods.map((method) => ({
    name: `${method}, ${longSteps.toLocaleString('en')} steps`,
    run: { method, dataset: 'nuscenes-like', fraction, settings: { steps: longSteps } },
  }));

/** The runs that the aims are judged by a second time: the present settings but the number of steps. */
export const longRuns = longer(1, tableMethods);

const tenPercent = longer(10, ['supervised', 'nerf', 'projection']);

/** What runs two thirds and two and a half times as long as the tables' give: teachers need a network that has learned something. */
export const steps: Study = {
  name: 'steps',
  question: 'The same methods at fewer steps, and at more.',
  runs: (seeds, real) => (real ? [] : runsOf([...longRuns, ...tenPercent, ...fewer], seeds)),
  table: (results) =>
    variantTables(
      [
        ['1 % labels:', longRuns],
        ['10 % labels:', tenPercent],
        ['1 % labels, first runs:', fewer],
      ],
      results,
    ),
};
