import type { MethodName } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const methods: readonly MethodName[] = ['supervised', 'mean-teacher', 'nerf'];

const variants: readonly Variant[] = methods.flatMap((method) => [
  { name: `${method}, same car`, run: { method, dataset: 'nuscenes-like', fraction: 1 } },
  {
    name: `${method}, other car`,
    run: { method, dataset: 'nuscenes-like', fraction: 1, scoredWorld: 'other-car' },
  },
]);

export const cross: Study = {
  name: 'cross',
  question:
    'Trained on one car, scored on another: other scanner, other mounting, other streets; simulated only.',
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds)),
  table: (results) => variantTable(variants, results),
};
