import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTable } from './variants.js';

type More = Pick<RunSpec, 'width' | 'settings'>;

const supervised = (
  fraction: number,
  name: string,
  more: More,
  scoredOn: 'tune' | 'test' = 'tune',
): Variant => ({
  name: `${fraction} % labels, ${name}`,
  run: {
    method: 'supervised',
    dataset: 'nuscenes-like',
    fraction,
    ...(scoredOn === 'tune' ? { scoredOn } : {}),
    ...more,
  },
});

/** Enough steps to show each of the 400 scans twenty times. */
export const fullLabels = supervised(
  100,
  '8,000 steps, scored as the tables are',
  { settings: { steps: 8000 } },
  'test',
);

const variants: readonly Variant[] = [
  supervised(1, '1,200 steps', {}),
  supervised(1, '3,000 steps', { settings: { steps: 3000 } }),
  supervised(100, 'width 8, 1,000 steps to 0.005', {
    width: 8,
    settings: { steps: 1000, learningRate: 0.005 },
  }),
  supervised(100, '3,000 steps', { settings: { steps: 3000 } }),
  supervised(100, '3,000 steps, scored as the tables are', { settings: { steps: 3000 } }, 'test'),
  fullLabels,
];

/** How many steps, and which width, bring supervised-only near 50 at 1 % and 80 with all labels. */
export const regime: Study = {
  name: 'regime',
  question:
    'Where supervised-only stands by steps and width: the method is meant for 50 mIoU at 1 %, 80 with all labels.',
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds.slice(0, 1))),
  table: (results) => variantTable(variants, results),
};
