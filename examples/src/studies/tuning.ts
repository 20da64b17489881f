import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTable } from './variants.js';

/** As the tables' runs, scored on the scenes that no table scores. */
const tuned = (name: string, run: Pick<Variant['run'], 'method' | 'settings'>): Variant => ({
  name,
  run: { dataset: 'nuscenes-like', fraction: 1, scoredOn: 'tune', ...run },
});

/** A mask's class also where a point or pixel is sure of another. */
const overrule = { pseudoConflict: 'mask' } as const;

const variants: readonly Variant[] = [
  tuned('supervised', { method: 'supervised' }),
  tuned('mean-teacher', { method: 'mean-teacher' }),
  tuned('mean-teacher, consistency weighs 500', {
    method: 'mean-teacher',
    settings: { consistencyWeight: 500 },
  }),
  tuned('lasermix', { method: 'lasermix' }),
  tuned('lasermix, consistency weighs 500', { method: 'lasermix', settings: { consistencyWeight: 500 } }),
  tuned('projection', { method: 'projection' }),
  tuned('projection, 24 points of a mask', { method: 'projection', settings: { pointsPerSegment: 24 } }),
  tuned('projection, masks do not overrule', {
    method: 'projection',
    settings: { pseudoConflict: 'none' },
  }),
  tuned('nerf', { method: 'nerf' }),
  tuned('nerf, points that density hides from the camera neither vote nor are labelled', {
    method: 'nerf',
    settings: { minTransmittance: 0.7 },
  }),
  tuned('nerf, rendered pseudo-labels weigh 1', { method: 'nerf', settings: { pseudoWeight: 1 } }),
  tuned('nerf, and masks overrule', { method: 'nerf', settings: { ...overrule, pseudoWeight: 1 } }),
  tuned('nerf, and density shapes the features, rendered labels weigh 0.5', {
    method: 'nerf',
    settings: { ...overrule, pseudoWeight: 1, stopDensityGradient: false, nerfWeight: 0.5 },
  }),
];

/** What the benchmark's settings were chosen by. */
export const tuning: Study = {
  name: 'tuning',
  question: "What the benchmark's settings were chosen by, on the scenes that no table scores.",
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds.slice(0, 1))),
  table: (results) => variantTable(variants, results),
};
