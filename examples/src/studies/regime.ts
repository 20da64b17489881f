import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTable } from './variants.js';

/** Scored on the scenes that settings are chosen on. */
const supervised = (fraction: number, steps: number, width?: number): Variant => ({
  name: `${fraction} % labels, ${steps} steps${width === undefined ? '' : `, width ${width}`}`,
  run: {
    method: 'supervised',
    dataset: 'nuscenes-like',
    fraction,
    scoredOn: 'tune',
    settings: { steps },
    ...(width === undefined ? {} : { width }),
  },
});

const variants: readonly Variant[] = [
  supervised(100, 2000),
  supervised(1, 2000),
  supervised(100, 6000),
  supervised(1, 6000),
  supervised(100, 6000, 16),
];

/** How many steps, and which width, bring supervised-only near 50 at 1 % and 80 with all labels. */
export const regime: Study = {
  name: 'regime',
  question:
    'Where supervised-only stands by steps and width: the method is meant for 50 mIoU at 1 %, 80 with all labels.',
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds.slice(0, 1))),
  table: (results) => variantTable(variants, results),
};
