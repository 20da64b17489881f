import { joinPlans, planScans } from '@nerfseg/backbone';
import * as E from 'fp-ts/lib/Either.js';
import type { Teach } from '../methods/method.js';
import { isFrameScan } from '../train/step-scan.js';
import { classProbabilities } from './class-probabilities.js';

/**
 * The averaged network gives every voxel of the step's frames its class probabilities. It sees what the student sees,
 * augmentation and all, as in LaserMix's released code; its batch norms use running statistics, the student's the batch's.
 */
export const teachConsistency: Teach = (context, scans) => async () => {
  const { averaged } = context.session;
  const frames = scans
    .filter(isFrameScan)
    .map((scan) => ({ ...scan, plan: planScans([scan.prepared.scan], averaged.config) }));
  const plan = joinPlans(frames.map((scan) => scan.plan));
  const target = await classProbabilities(averaged, plan);
  const { numClasses } = averaged.config;
  const { scanOffsets } = plan.levels[0]!;
  const rows = (s: number): Float32Array =>
    target.subarray(scanOffsets[s]! * numClasses, scanOffsets[s + 1]! * numClasses);
  return E.right([
    ...frames.map((scan, s) => ({ ...scan, target: rows(s) })),
    ...scans.filter((scan) => !isFrameScan(scan)),
  ]);
};
