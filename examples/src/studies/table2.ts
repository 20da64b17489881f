import type { TrainSettings } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { spreadEvenly } from './spread-evenly.js';
import { runsOf, type Variant, variantTables } from './variants.js';

/** Nothing is rendered, and no pseudo-label learned from. */
const batchNorms = { pseudoStart: 1, nerfWeight: 0, densityWeight: 0 } as const;

const variants = (dataset: string, base?: Partial<TrainSettings>): readonly Variant[] => {
  const nerf = (name: string, settings?: Partial<TrainSettings>): Variant => ({
    name,
    run: {
      method: 'nerf',
      dataset,
      fraction: 1,
      ...(base || settings ? { settings: { ...base, ...settings } } : {}),
    },
  });
  return [
    nerf('complete'),
    { name: 'without self-supervision', run: { method: 'supervised', dataset, fraction: 1 } },
    ...(base ? [] : [nerf('rays are sampled evenly, not the finest voxels first', { finestFirst: false })]),
    nerf('without masks: rays and points label themselves', { pseudoSegments: false }),
    nerf('without confidence sampling', { pseudoSampling: 'random' }),
    nerf('without density from LiDAR returns', { densityWeight: 0 }),
    nerf('rays sample the finest level only', { renderLevels: 'finest' }),
    nerf('the student labels, not its average', { labelledBy: 'student' }),
    nerf('masks overrule what points are sure of (the paper), rendered pseudo-labels weigh 1', {
      pseudoConflict: 'mask',
      pseudoWeight: 1,
    }),
    nerf('points do not vote (the paper)', { pseudoPointWeight: 0 }),
    nerf('points that density hides from the camera do not vote', { minTransmittance: 0.7 }),
    nerf('rendering but no pseudo-labels', { pseudoStart: 1 }),
    // What normalisation over unlabelled scans does by itself: no method that draws them is without it.
    ...(base ? [] : [nerf('unlabelled scans in the batch norms alone', batchNorms)]),
  ];
};

export const table2: Study = {
  name: 'table2',
  question: 'Ablation: the method at 1 % labels without each of its parts.',
  runs: (seeds, real) => runsOf(variants(real ?? 'nuscenes-like'), seeds),
  table: (results) =>
    variantTables(
      [
        ['', variants('nuscenes-like')],
        [
          'Before samples went to the finest voxels first, with pseudo-labels of points of weight 1:',
          variants('nuscenes-like', spreadEvenly('nerf')),
        ],
      ],
      results,
    ),
};
