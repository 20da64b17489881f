import type { Precision } from '@nerfseg/ops';
import { classesOf } from './classes-of.js';
import { encodeScans } from './encode-scans.js';
import type { Network } from './network.js';
import type { ScanPlan } from './plan.js';

export interface PredictOptions {
  /** float16: what convolutions round their factors to, on webgpu alone. Default float32. */
  readonly precision?: Precision;
}

/** The class (1..numClasses-1) of every level-0 voxel of a plan, scan after scan: [V]. Features are freed level by level. */
export async function predictVoxels(
  network: Network,
  plan: ScanPlan,
  options: PredictOptions = {},
): Promise<Uint8Array> {
  const { logits } = encodeScans(network, plan, { ...options, training: false, levels: false });
  const classes = await classesOf(logits);
  logits.dispose();
  return classes;
}
