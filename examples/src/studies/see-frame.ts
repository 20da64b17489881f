import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import { type Frame, type PreparedScan, prepareScan } from '@nerfseg/datasets';
import { type ScanLevels, scanLevels, type VoxelSemantics, voxelSemantics } from '@nerfseg/ssl';
import { need } from '../runner/need.js';
import type { Trained } from '../runner/run-one.js';

/** A frame with its labels, and what a trained network makes of it. */
export interface SeenFrame {
  readonly plain: PreparedScan;
  readonly voxels: VoxelSemantics;
  /** What a NeRF head reads. */
  readonly levels: ScanLevels;
}

/** Shows a frame to a trained network, as it is, and hands on what it makes of it; the features are freed afterwards. */
export async function seeFrame<T>(
  { result: { network }, plan: { grid } }: Trained,
  frame: Frame,
  use: (seen: SeenFrame) => Promise<T>,
): Promise<T> {
  const { config } = network;
  const { numClasses } = config;
  const plain = await need(prepareScan(frame, { grid, numClasses, labelled: true, ignoreVotes: false }));
  const features = encodeScans(network, planScans([plain.scan], config), { training: false, levels: true });
  try {
    const voxels = await voxelSemantics(features.logits);
    return await use({ plain, voxels, levels: scanLevels(features, 0, grid) });
  } finally {
    disposeFeatures(features);
  }
}
