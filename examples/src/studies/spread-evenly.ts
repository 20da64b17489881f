import type { MethodName, TrainSettings } from '@nerfseg/ssl';

/**
 * What the benchmark's first runs had, for tables that keep them: rays sampled evenly wherever any level has a voxel, and
 * pseudo-labels of points of weight 1. Methods without either have nothing to add.
 */
export const spreadEvenly = (method: MethodName): Partial<TrainSettings> => {
  if (method.startsWith('nerf')) return { finestFirst: false, pseudoPointWeight: 1 };
  return method === 'projection' || method === 'multi-view' ? { pseudoPointWeight: 1 } : {};
};
