import type { VoxelizedScan } from '@nerfseg/geometry';
import type { Network } from './network.js';
import { planScans } from './plan-scans.js';
import { type PredictOptions, predictVoxels } from './predict-voxels.js';

/** Inference for one scan: the class of every voxel, [V]; geometry's `devoxelize` carries it to the points. */
export async function segmentScan(
  network: Network,
  scan: VoxelizedScan,
  options?: PredictOptions,
): Promise<Uint8Array> {
  return predictVoxels(network, planScans([scan], network.config), options);
}
