import type { TrainSettings } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const variants = (dataset: string): readonly Variant[] => {
  const nerf = (name: string, settings?: Partial<TrainSettings>): Variant => ({
    name,
    run: { method: 'nerf', dataset, fraction: 1, ...(settings ? { settings } : {}) },
  });
  return [
    nerf('complete'),
    { name: 'without self-supervision', run: { method: 'supervised', dataset, fraction: 1 } },
    nerf('without masks: rays and points label themselves', { pseudoSegments: false }),
    nerf('without confidence sampling', { pseudoSampling: 'random' }),
    nerf('without density from LiDAR returns', { densityWeight: 0 }),
    nerf('rays sample the finest level only', { renderLevels: 'finest' }),
    nerf('samples go to the finest voxels first', { finestFirst: true }),
    nerf('the student labels, not its average', { labelledBy: 'student' }),
    nerf('masks overrule what points are sure of (the paper), rendered pseudo-labels weigh 1', {
      pseudoConflict: 'mask',
      pseudoWeight: 1,
    }),
    nerf('points do not vote (the paper)', { pseudoPointWeight: 0 }),
    nerf('points that density hides from the camera do not vote', { minTransmittance: 0.7 }),
    nerf('rendering but no pseudo-labels', { pseudoStart: 1 }),
    // What normalisation over unlabelled scans does by itself: no method that draws them is without it.
    nerf('unlabelled scans in the batch norms alone', { pseudoStart: 1, nerfWeight: 0, densityWeight: 0 }),
  ];
};

export const table2: Study = {
  name: 'table2',
  question: 'Ablation: the method at 1 % labels without each of its parts.',
  runs: (seeds, real) => runsOf(variants(real ?? 'nuscenes-like'), seeds),
  table: (results, real = 'nuscenes-like') => variantTable(variants(real), results),
};
