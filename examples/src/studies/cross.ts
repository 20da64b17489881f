import type { MethodName } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTables } from './variants.js';

const methods: readonly MethodName[] = ['supervised', 'mean-teacher', 'nerf'];

const cars: readonly Variant[] = methods.flatMap((method) => [
  { name: `${method}, same car`, run: { method, dataset: 'nuscenes-like', fraction: 1 } },
  {
    name: `${method}, other car`,
    run: { method, dataset: 'nuscenes-like', fraction: 1, scoredWorld: 'other-car' },
  },
]);

/** Over the classes that both have, so that a data set's rows can be compared: what learnt on it, and what learnt on the other. */
const labelSpaces = (
  [
    ['semantickitti-like', 'nuscenes-like'],
    ['nuscenes-like', 'semantickitti-like'],
  ] as const
).map(([target, source]) =>
  [target, source].flatMap((dataset) =>
    methods.map(
      (method): Variant => ({
        name: `${method}: learnt on ${dataset}, scored on ${target}`,
        run: {
          method,
          dataset,
          fraction: 1,
          scoredOver: 'shared',
          ...(dataset === target ? {} : { scoredWorld: target }),
        },
      }),
    ),
  ),
);

export const cross: Study = {
  name: 'cross',
  question:
    'Trained on one car, scored on another (other scanner, mounting, streets), and on the other data set over shared classes; simulated only.',
  runs: (seeds, real) => (real ? [] : runsOf([...cars, ...labelSpaces.flat()], seeds)),
  table: (results) =>
    variantTables(
      [cars, ...labelSpaces].map((variants) => ['', variants]),
      results,
    ),
};
