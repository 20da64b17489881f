import type { MethodName, TrainSettings } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { longSteps } from '../tables/targets.js';
import { pointsWeighOne } from './points-weigh-one.js';
import { tableMethods } from './table1.js';
import { runsOf, type Variant, variantTables } from './variants.js';

const same = { dataset: 'nuscenes-like', fraction: 1 } as const;

/** As the tables' first runs, scored on eight scenes that no table scores. */
const tuned = (name: string, { method, settings }: Pick<Variant['run'], 'method' | 'settings'>): Variant => ({
  name,
  run: { ...same, method, scoredOn: 'tune', ...differing({ ...pointsWeighOne(method), ...settings }) },
});

const differing = (settings: Partial<TrainSettings>): Pick<Variant['run'], 'settings'> =>
  Object.keys(settings).length > 0 ? { settings } : {};

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
  {
    name: 'nerf without pseudo-labels: density alone, which shapes the features',
    run: {
      ...same,
      method: 'nerf',
      scoredOn: 'tune',
      settings: { nerfWeight: 0, stopDensityGradient: false, pseudoStart: 1 },
    },
  },
  tuned('nerf, rendered pseudo-labels weigh 1', { method: 'nerf', settings: { pseudoWeight: 1 } }),
  tuned('nerf, and masks overrule', { method: 'nerf', settings: { ...overrule, pseudoWeight: 1 } }),
  tuned('nerf, and density shapes the features, rendered labels weigh 0.5', {
    method: 'nerf',
    settings: { ...overrule, pseudoWeight: 1, stopDensityGradient: false, nerfWeight: 0.5 },
  }),
];

/** Networks on 64 scenes, where differences are less by chance. */
const widely = (name: string, method: MethodName, settings: Partial<TrainSettings> = {}): Variant => ({
  name,
  run: { ...same, method, scoredWorld: 'tuning', ...differing(settings) },
});

/** ... as the first runs had them. */
const before = (name: string, method: MethodName, settings: Partial<TrainSettings> = {}): Variant =>
  widely(name, method, { ...pointsWeighOne(method), ...settings });

const wideBefore: readonly Variant[] = [
  ...tableMethods.map((method) => before(method, method)),
  before('nerf, and masks overrule, rendered pseudo-labels weigh 1', 'nerf', {
    ...overrule,
    pseudoWeight: 1,
  }),
  before('nerf, points that density hides from the camera do not vote', 'nerf', { minTransmittance: 0.7 }),
  before('nerf, pseudo-labels after 0.6 of the steps', 'nerf', { pseudoStart: 0.6, pseudoRamp: 0.2 }),
  before('nerf, samples go to the finest voxels first', 'nerf', { finestFirst: true }),
];

const finest = { finestFirst: true } as const;

const wide: readonly Variant[] = [
  ...tableMethods.map((method) => widely(method, method)),
  widely('nerf, points do not vote', 'nerf', { pseudoPointWeight: 0 }),
  widely('nerf, samples go to the finest voxels first', 'nerf', finest),
  widely('nerf, likewise, rendered pseudo-labels vote but do not teach', 'nerf', {
    ...finest,
    pseudoWeight: 0,
  }),
  widely('nerf, likewise, points that density hides from the camera do not vote', 'nerf', {
    ...finest,
    minTransmittance: 0.7,
  }),
  widely('nerf, likewise, no pseudo-labels of ground', 'nerf', {
    ...finest,
    segmentEntropyOfClass: [0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0.35, 0, 0, 0, 0.35, 0.35],
  }),
  widely('nerf without pseudo-labels', 'nerf', { pseudoStart: 1 }),
  widely('nerf without pseudo-labels, rendered labels weigh 1', 'nerf', { pseudoStart: 1, nerfWeight: 1 }),
  widely('unlabelled scans in the batch norms alone', 'nerf', {
    pseudoStart: 1,
    nerfWeight: 0,
    densityWeight: 0,
  }),
];

/** Whether longer runs gain: the tables' methods that are held against each other most often. */
const longer: readonly Variant[] = (['supervised', 'nerf', 'projection'] as const).map((method) =>
  widely(method, method, { steps: longSteps }),
);

/** What the benchmark's settings were chosen by. */
export const tuning: Study = {
  name: 'tuning',
  question: "What the benchmark's settings were chosen by, on the scenes that no table scores.",
  runs: (seeds, real) => (real ? [] : runsOf([...wide, ...longer], seeds.slice(0, 1))),
  table: (results) =>
    variantTables(
      [
        ['64 scenes:', wide],
        ['64 scenes, 3,000 steps:', longer],
        ['64 scenes, points weigh 1:', wideBefore],
        ['Eight scenes, likewise:', variants],
      ],
      results,
    ),
};
