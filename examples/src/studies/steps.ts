import type { MethodName } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { longSteps } from '../tables/targets.js';
import { tableMethods } from './table1.js';
import { runsOf, type Variant, variantTables } from './variants.js';

const longer = (fraction: number, methods: readonly MethodName[]): readonly Variant[] =>
  methods.map((method) => ({
    name: `${method}, ${longSteps.toLocaleString('en')} steps`,
    run: { method, dataset: 'nuscenes-like', fraction, settings: { steps: longSteps } },
  }));

/** The runs that the aims are judged by a second time: the benchmark's settings but the number of steps. */
export const longRuns = longer(1, tableMethods);

const tenPercent = longer(10, tableMethods);

/** What runs two and a half times as long as the tables' give: teachers need a network that has learned something. */
export const steps: Study = {
  name: 'steps',
  question: 'The same methods at more steps.',
  runs: (seeds, real) => (real ? [] : runsOf([...longRuns, ...tenPercent], seeds)),
  table: (results) =>
    variantTables(
      [
        ['1 % labels:', longRuns],
        ['10 % labels:', tenPercent],
      ],
      results,
    ),
};
