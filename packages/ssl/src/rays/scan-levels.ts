import type { VoxelFeatures } from '@nerfseg/backbone';
import type { CylindricalGrid } from '@nerfseg/geometry';
import { levelIndex, type VoxelIndex } from '@nerfseg/render';
import type * as tf from '@tensorflow/tfjs-core';

/** What rays through one scan of a batch sample: every level's voxels of that scan, and the batch's feature tensors. */
export interface ScanLevels {
  readonly indices: readonly VoxelIndex[];
  readonly features: readonly tf.Tensor2D[];
  /** [V_0, C] the voxel head's logits of the batch: the NeRF head shares that classifier. */
  readonly logits: tf.Tensor2D;
}

/** The levels' host-side indices: they depend on the plan alone and serve the loss closure too. */
export const scanIndices = (
  levels: readonly Pick<VoxelFeatures['levels'][number], 'coords' | 'stride' | 'shape' | 'scanOffsets'>[],
  scan: number,
  grid: CylindricalGrid,
): VoxelIndex[] =>
  levels.map((level) =>
    levelIndex(level.coords, grid, level, [level.scanOffsets[scan]!, level.scanOffsets[scan + 1]!]),
  );

/** Indices and tensors of one scan. */
export const scanLevels = (features: VoxelFeatures, scan: number, grid: CylindricalGrid): ScanLevels => ({
  indices: scanIndices(features.levels, scan, grid),
  features: features.levels.map((level) => level.features),
  logits: features.logits,
});
