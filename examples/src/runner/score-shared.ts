import type { Network } from '@nerfseg/backbone';
import { addToConfusion, emptyConfusion, prepareScan, type Scores, scoresOf } from '@nerfseg/datasets';
import { type CylindricalGrid, dataError, type LabelSpace } from '@nerfseg/geometry';
import { predictPoints } from '@nerfseg/ssl';
import type { RunData } from './data.js';
import { Failure, need } from './need.js';
import { sharedClasses } from './shared-classes.js';

/**
 * Scores a network on frames whose labels are the shared classes: its own classes are translated; one that has no shared class is wrong
 * wherever the truth has one.
 *
 * @param learnt the network's classes.
 */
export async function scoreShared(
  network: Network,
  learnt: LabelSpace,
  { dataset, frames }: RunData['scored'],
  { grid, signal }: { readonly grid: CylindricalGrid; readonly signal: AbortSignal },
): Promise<{ readonly point: Scores; readonly voxel: Scores }> {
  const { classOf } = sharedClasses(learnt);
  const numClasses = dataset.labelSpace.names.length;
  const points = emptyConfusion(numClasses);
  const voxels = emptyConfusion(numClasses);
  for (const [done, index] of frames.entries()) {
    if (signal.aborted)
      throw new Failure(
        dataError(
          'interrupted',
          dataset.name,
          'evaluation',
          `${done} frames done`,
          `${frames.length} frames`,
        ),
      );
    const prepared = await need(prepareScan(dataset.frame(index), { grid, numClasses, labelled: true }));
    const found = await need(predictPoints(network, prepared.points, prepared.scan, grid));
    const translated = (classes: Uint8Array): Uint8Array => classes.map((c) => classOf[c]!);
    addToConfusion(points, prepared.pointLabels, translated(found.points));
    addToConfusion(voxels, prepared.labels, translated(found.voxels));
  }
  return { point: scoresOf(points), voxel: scoresOf(voxels) };
}
