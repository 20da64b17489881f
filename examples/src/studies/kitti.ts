import type { RunSpec } from '../runner/spec.js';
import type { Study } from '../runner/study.js';
import { samVariants } from './sam-variants.js';
import { tableMethods } from './table1.js';
import { runsOf, type Variant, variantTables } from './variants.js';

const frames = { dataset: 'kitti-frames', fraction: 100 } as const;

const methods: readonly Variant[] = [
  ...tableMethods.map((method): Variant => ({ name: method, run: { method, ...frames } })),
  // The one frame that has labels, twice in a batch and augmented differently: whether more of it is what others gain by.
  {
    name: 'supervised, two labelled scans a step',
    run: { method: 'supervised', ...frames, settings: { labelledPerStep: 2 } },
  },
];

/** What pseudo-labels teach by how Segment-Anything is told to make their masks; the first is the run of the methods' table. */
const masks = samVariants({ method: 'nerf', ...frames }).map(({ name, run }) => ({
  name: `NeRF, ${name}`,
  run,
}));

export const kitti: Study = {
  name: 'kitti',
  question:
    'Eleven real frames (--data: a SemanticKITTI folder): labels of frame 0, pictures of all, scored on frames 1 to 5.',
  runs: (seeds, real): readonly RunSpec[] =>
    real ? [...runsOf(methods, seeds), ...runsOf(masks.slice(1), seeds)] : [],
  table: (results) =>
    variantTables(
      [
        ['', methods],
        ["By Segment-Anything's settings:", masks],
      ],
      results,
    ),
};

/** The runs that are worth most: every method, with the masks that all have. */
export const kittiMethods = (seeds: readonly number[]): readonly RunSpec[] => runsOf(methods, seeds);
