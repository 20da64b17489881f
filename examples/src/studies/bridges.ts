import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const variants = (dataset: string): readonly Variant[] => [
  { name: 'supervised-only', run: { method: 'supervised', dataset, fraction: 1 } },
  { name: 'rendered pseudo-labels', run: { method: 'nerf', dataset, fraction: 1 } },
  { name: 'perspective projection', run: { method: 'projection', dataset, fraction: 1 } },
  {
    name: 'straight projection: points that the camera does not see vote and learn, too (the paper)',
    run: { method: 'projection', dataset, fraction: 1, settings: { pointVisibility: 'all' } },
  },
  {
    name: 'projection, silent where masks contradict, as rendering is',
    run: { method: 'projection', dataset, fraction: 1, settings: { pseudoConflict: 'none' } },
  },
  { name: 'multi-view consistency', run: { method: 'multi-view', dataset, fraction: 1 } },
  {
    name: 'multi-view, what one frame saw speaks for itself',
    run: { method: 'multi-view', dataset, fraction: 1, settings: { viewsNeeded: 1 } },
  },
  { name: 'LaserMix, neither picture nor pose', run: { method: 'lasermix', dataset, fraction: 1 } },
  { name: 'rendering + LaserMix', run: { method: 'nerf-lasermix', dataset, fraction: 1 } },
  { name: 'multi-view + LaserMix', run: { method: 'multi-view-lasermix', dataset, fraction: 1 } },
  {
    name: 'depth alone: density explains the returns of all scans',
    run: {
      method: 'nerf',
      dataset,
      fraction: 1,
      // Elsewhere density does not change the features: here it is all that they learn from unlabelled scans.
      settings: { nerfWeight: 0, stopDensityGradient: false, pseudoStart: 1 },
    },
  },
];

export const bridges: Study = {
  name: 'bridges',
  question: 'Rendering against the other bridges between LiDAR and cameras, at 1 % labels.',
  runs: (seeds, real) => runsOf(variants(real ?? 'nuscenes-like'), seeds),
  table: (results, real = 'nuscenes-like') => variantTable(variants(real), results),
};
