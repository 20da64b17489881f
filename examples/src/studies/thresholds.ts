import type { Study } from '../runner/study.js';
import type { Corruption } from '../runner/truth-masks.js';
import { samVariants } from './sam-variants.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const entropy = (dataset: string, limit: number): Variant => ({
  name: `entropy below ${limit}`,
  run: {
    method: 'nerf',
    dataset,
    fraction: 1,
    // 0.35 is the default: the same run as everywhere else.
    ...(limit === 0.35 ? {} : { settings: { confidentEntropy: limit, segmentEntropy: limit } }),
  },
});

const masks = (dataset: string, name: string, corruption: Partial<Corruption>): Variant => ({
  name: `masks: ${name}`,
  run: { method: 'nerf', dataset, fraction: 1, corruption },
});

/** Masks are spoilt more or less on simulated data; on real data they are what Segment-Anything gives, which may be told to do better. */
export const thresholdVariants = (dataset: string): readonly Variant[] => [
  ...[0.35, 0.2, 0.5, 0.65].map((limit) => entropy(dataset, limit)),
  ...(dataset.endsWith('-like')
    ? [
        masks(dataset, 'perfect', { jitter: 0, merge: 0, minArea: 1, drop: 0 }),
        masks(dataset, 'borders off by 2 pixels', { jitter: 2 }),
        masks(dataset, 'half of the segments lost', { drop: 0.5 }),
        masks(dataset, 'all grounds in one', { merge: 1 }),
      ]
    : samVariants({ method: 'nerf', dataset, fraction: 1 }).slice(1)),
];

export const thresholds: Study = {
  name: 'thresholds',
  question: 'Entropy threshold and quality of masks, at 1 % labels.',
  runs: (seeds, real) => runsOf(thresholdVariants(real ?? 'nuscenes-like'), seeds),
  table: (results, real = 'nuscenes-like') => variantTable(thresholdVariants(real), results),
};
