import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { tableMethods } from './table1.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const variants: readonly Variant[] = [
  ...tableMethods.map(
    (method): Variant => ({ name: method, run: { method, dataset: 'kitti-frames', fraction: 100 } }),
  ),
  // The one frame that has labels, twice in a batch and augmented differently: whether more of it is what others gain by.
  {
    name: 'supervised, two labelled scans a step',
    run: {
      method: 'supervised',
      dataset: 'kitti-frames',
      fraction: 100,
      settings: { labelledPerStep: 2 },
    },
  },
];

export const kitti: Study = {
  name: 'kitti',
  question:
    'Eleven real frames (--data: a SemanticKITTI folder): labels of frame 0, pictures of all, scored on frames 1 to 5.',
  runs: (seeds, real): readonly RunSpec[] => (real ? runsOf(variants, seeds) : []),
  table: (results) => variantTable(variants, results),
};
