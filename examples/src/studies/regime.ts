import type { Study } from '../runner/study.js';
import { longSteps } from '../tables/targets.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const long = { settings: { steps: longSteps } } as const;

const supervised = (fraction: number, more: Pick<Variant['run'], 'scoredOn' | 'settings'> = {}): Variant => ({
  name: `${fraction} % labels, ${more.settings ? longSteps.toLocaleString('en') : '1,200'} steps${
    more.scoredOn ? '' : ', scored as the tables are'
  }`,
  run: { method: 'supervised', dataset: 'nuscenes-like', fraction, ...more },
});

/** Enough steps to show each of the 400 scans fifteen times. */
export const fullLabels = supervised(100, long);

const variants: readonly Variant[] = [
  supervised(1, { scoredOn: 'tune' }),
  supervised(1, { scoredOn: 'tune', ...long }),
  supervised(100, { scoredOn: 'tune', ...long }),
  fullLabels,
];

/** How many steps bring supervised-only near 50 at 1 % and 80 with all labels. */
export const regime: Study = {
  name: 'regime',
  question:
    'Where supervised-only stands by steps: the method is meant for 50 mIoU at 1 %, 80 with all labels.',
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds.slice(0, 1))),
  table: (results) => variantTable(variants, results),
};
