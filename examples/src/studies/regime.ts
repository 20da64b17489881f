import { benchmark } from '../runner/settings.js';
import type { Study } from '../runner/study.js';
import { longSteps } from '../tables/targets.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const supervised = (fraction: number, steps?: number): Variant => ({
  name: `${fraction} % labels, ${(steps ?? benchmark.settings.steps).toLocaleString('en')} steps`,
  run: {
    method: 'supervised',
    dataset: 'nuscenes-like',
    fraction,
    ...(steps === undefined ? {} : { settings: { steps } }),
  },
});

/** Enough steps to show each of the 400 scans fifteen times. */
export const fullLabels = supervised(100, longSteps);

const variants: readonly Variant[] = [supervised(1), supervised(1, longSteps), fullLabels];

/** Whether supervised-only is near 50 at 1 % and above 80 with all labels. */
export const regime: Study = {
  name: 'regime',
  question:
    'Where supervised-only stands by steps: the method is meant for 50 mIoU at 1 %, 80 with all labels.',
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds)),
  table: (results) => variantTable(variants, results),
};
