import type { TrainSettings } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { pointsWeighOne } from './points-weigh-one.js';
import { runsOf, type Variant, variantTables } from './variants.js';

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
    // As many scans a step, and in the batch norms, as methods that draw an unlabelled one have.
    ...(base
      ? []
      : [
          {
            name: 'without self-supervision, two labelled scans a step',
            run: { method: 'supervised', dataset, fraction: 1, settings: { labelledPerStep: 2 } },
          } as const,
          nerf('samples go to the finest voxels first', { finestFirst: true }),
        ]),
    nerf('without masks: rays and points label themselves', { pseudoSegments: false }),
    nerf('without confidence sampling', { pseudoSampling: 'random' }),
    nerf('without density from LiDAR returns', { densityWeight: 0 }),
    nerf('rays sample the finest level only', { renderLevels: 'finest' }),
    nerf('the student labels, not its average', { labelledBy: 'student' }),
    nerf('masks overrule what points are sure of (the paper), rendered pseudo-labels weigh 1', {
      pseudoConflict: 'mask',
      pseudoWeight: 1,
    }),
    ...(base ? [] : [nerf('points do not vote (the paper)', { pseudoPointWeight: 0 })]),
    nerf('points that density hides from the camera do not vote', { minTransmittance: 0.7 }),
    // Without pseudo-labels their weight makes no difference.
    ...(base
      ? []
      : [
          nerf('rendering but no pseudo-labels', { pseudoStart: 1 }),
          // What normalisation over unlabelled scans does by itself: no method that draws them is without it.
          nerf('unlabelled scans in the batch norms alone', {
            pseudoStart: 1,
            nerfWeight: 0,
            densityWeight: 0,
          }),
        ]),
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
        ['With pseudo-labels of points of weight 1:', variants('nuscenes-like', pointsWeighOne('nerf'))],
      ],
      results,
    ),
};
