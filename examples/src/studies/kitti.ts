import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { tableMethods } from './table1.js';
import { runsOf, variantTable } from './variants.js';

const variants = tableMethods.map((method) => ({
  name: method,
  run: { method, dataset: 'kitti-frames', fraction: 100 },
}));

export const kitti: Study = {
  name: 'kitti',
  question:
    'Eleven real frames (--data: a SemanticKITTI folder): labels of frame 0, pictures of all, scored on frames 1 to 5.',
  runs: (seeds, real): readonly RunSpec[] => (real ? runsOf(variants, seeds) : []),
  table: (results) => variantTable(variants, results),
};
