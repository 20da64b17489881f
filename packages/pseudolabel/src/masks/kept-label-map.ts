import type { SegmentMasks } from '@nerfseg/geometry';
import { type MaskPriority, toLabelMap } from './to-label-map.js';

let last:
  | { readonly masks: WeakRef<SegmentMasks>; readonly priority: MaskPriority; readonly labels: Int32Array }
  | undefined;

/**
 * `toLabelMap`, to be read only: the last one is kept, for sampling, fusion and look-ups ask for the same picture's one after
 * another. No more than one, since thousands of pictures' masks may be held.
 */
export function keptLabelMap(masks: SegmentMasks, priority: MaskPriority = 'smallest'): Int32Array {
  if (last?.masks.deref() !== masks || last.priority !== priority)
    last = { masks: new WeakRef(masks), priority, labels: toLabelMap(masks, priority) };
  return last.labels;
}
