import type { MethodName, TrainSettings } from '@nerfseg/ssl';

/** What the benchmark's first runs had, for tables that keep them; methods without pseudo-labels of points have nothing to add. */
export const pointsWeighOne = (method: MethodName): Partial<TrainSettings> =>
  method.startsWith('nerf') || method === 'projection' || method === 'multi-view'
    ? { pseudoPointWeight: 1 }
    : {};
