import type { MethodName } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { pointsWeighOne } from './points-weigh-one.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const after = (method: MethodName, settings: Variant['run']['settings']): Variant => ({
  name: `${method}, 800 steps`,
  run: {
    method,
    dataset: 'nuscenes-like',
    fraction: 1,
    settings: { steps: 800, ...pointsWeighOne(method), ...settings },
  },
});

const variants: readonly Variant[] = [
  after('supervised', {}),
  after('nerf', { pseudoConflict: 'mask', pseudoWeight: 1 }),
  after('mean-teacher', { consistencyWeight: 500 }),
];

/** What a run two thirds as long as the tables' gives: teachers need a network that has learned something. */
export const steps: Study = {
  name: 'steps',
  question: 'The same methods at two thirds of the steps.',
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds)),
  table: (results) => variantTable(variants, results),
};
