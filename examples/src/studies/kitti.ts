import type { MethodName } from '@nerfseg/ssl';
import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { tableMethods } from './table1.js';
import { runsOf, type Variant, variantTable } from './variants.js';

/** The first runs: too few steps for a teacher to be better than its student, however many rays. */
const early = { steps: 400, raysPerCamera: 768, samplesPerRay: 48 };

const onFrames = (name: string, method: MethodName, settings?: Variant['run']['settings']): Variant => ({
  name,
  run: { method, dataset: 'kitti-frames', fraction: 100, ...(settings ? { settings } : {}) },
});

const variants = [
  ...tableMethods.map((method) => onFrames(method, method)),
  onFrames('supervised, 400 steps', 'supervised', early),
  onFrames('nerf, 400 steps', 'nerf', early),
  onFrames(
    'nerf, 400 steps, masks overrule what points are sure of, rendered pseudo-labels weigh 1',
    'nerf',
    {
      ...early,
      pseudoConflict: 'mask',
      pseudoWeight: 1,
    },
  ),
];

export const kitti: Study = {
  name: 'kitti',
  question:
    'Eleven real frames (--data: a SemanticKITTI folder): labels of frame 0, pictures of all, scored on frames 1 to 5.',
  runs: (seeds, real): readonly RunSpec[] => (real ? runsOf(variants, seeds) : []),
  table: (results) => variantTable(variants, results),
};
