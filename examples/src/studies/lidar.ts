import type { MethodName } from '@nerfseg/ssl';
import type { Study } from '../runner/study.js';
import { runsOf, type Variant, variantTable } from './variants.js';

const scanners = ['lidar-32-50m', 'lidar-16-50m', 'lidar-64-50m', 'lidar-32-100m', 'lidar-32-200m'];
const methods: readonly MethodName[] = ['supervised', 'nerf'];

const variants: readonly Variant[] = scanners.flatMap((dataset) =>
  methods.map((method) => ({ name: `${dataset}, ${method}`, run: { method, dataset, fraction: 1 } })),
);

export const lidar: Study = {
  name: 'lidar',
  question:
    'LiDARs of 16, 32 and 64 channels, and ranges of 50, 100 and 200 m, at 1 % labels; simulated only.',
  runs: (seeds, real) => (real ? [] : runsOf(variants, seeds)),
  table: (results) => variantTable(variants, results),
};
