import { type FrameDataset, openSemanticKitti } from '@nerfseg/datasets';
import { need } from './need.js';

/**
 * The first eleven frames of KITTI's sequence 00: labels of frame 0 only, pictures of all, scored on frames 1 to 5. Frames 0 to 2 take
 * `labels/`; of the others `labels_partial/` has some points' labels. The scored frames are also learned from, without labels.
 */
export async function openKittiFrames(root: string): Promise<{
  readonly dataset: FrameDataset;
  readonly labelled: readonly number[];
  readonly unlabelled: readonly number[];
  readonly scored: { readonly dataset: FrameDataset; readonly frames: readonly number[] };
}> {
  const dataset = await need(openSemanticKitti({ root, sequences: ['00'] }));
  const partial = await need(openSemanticKitti({ root, sequences: ['00'], labelsFolder: 'labels_partial' }));
  const scored: FrameDataset = {
    ...dataset,
    frame: (i) => (i <= 2 ? dataset : partial).frame(i),
  };
  return {
    dataset,
    labelled: [0],
    unlabelled: Array.from({ length: dataset.length }, (_, i) => i),
    scored: { dataset: scored, frames: [1, 2, 3, 4, 5] },
  };
}
