import type { MethodName, TrainSettings } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { tableMethods } from './table1.js';
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
  tuned('nerf, points that density hides from the camera do not vote', {
    method: 'nerf',
    settings: { minTransmittance: 0.7 },
  }),
  tuned('nerf without pseudo-labels: density alone, which shapes the features', {
    method: 'nerf',
    settings: { nerfWeight: 0, stopDensityGradient: false, pseudoStart: 1 },
  }),
  tuned('nerf, rendered pseudo-labels weigh 1', { method: 'nerf', settings: { pseudoWeight: 1 } }),
  tuned('nerf, and masks overrule', { method: 'nerf', settings: { ...overrule, pseudoWeight: 1 } }),
  tuned('nerf, and density shapes the features, rendered labels weigh 0.5', {
    method: 'nerf',
    settings: { ...overrule, pseudoWeight: 1, stopDensityGradient: false, nerfWeight: 0.5 },
  }),
];

/** The same networks on 64 scenes, where differences are less by chance. */
const widely = (name: string, method: MethodName, settings?: Partial<TrainSettings>): Variant => ({
  name,
  run: {
    method,
    dataset: 'nuscenes-like',
    fraction: 1,
    scoredWorld: 'tuning',
    ...(settings ? { settings } : {}),
  },
});

const wide: readonly Variant[] = [
  ...tableMethods.map((method) => widely(method, method)),
  widely('nerf, and masks overrule, rendered pseudo-labels weigh 1', 'nerf', {
    ...overrule,
    pseudoWeight: 1,
  }),
  widely('nerf, points do not vote', 'nerf', { pseudoPointWeight: 0 }),
  widely('nerf, points that density hides from the camera do not vote', 'nerf', { minTransmittance: 0.7 }),
  widely('nerf, pseudo-labels after 0.6 of the steps', 'nerf', { pseudoStart: 0.6, pseudoRamp: 0.2 }),
  widely('nerf without pseudo-labels', 'nerf', { pseudoStart: 1 }),
  widely('nerf without pseudo-labels, rendered labels weigh 1', 'nerf', { pseudoStart: 1, nerfWeight: 1 }),
  widely('unlabelled scans in the batch norms alone', 'nerf', {
    pseudoStart: 1,
    nerfWeight: 0,
    densityWeight: 0,
  }),
];

/** What the benchmark's settings were chosen by. */
export const tuning: Study = {
  name: 'tuning',
  question: "What the benchmark's settings were chosen by, on the scenes that no table scores.",
  runs: (seeds, real) => (real ? [] : runsOf([...variants, ...wide], seeds.slice(0, 1))),
  table: (results) =>
    [['Eight scenes:', variants] as const, ['64 scenes:', wide] as const]
      .map(([title, rows]) => [title, variantTable(rows, results)] as const)
      .filter(([, table]) => table !== '')
      .map(([title, table]) => `${title}\n\n${table}`)
      .join('\n\n'),
};
