import { rawOfClasses } from '../labels/raw-label-map.js';
import { type KittiTask, semanticKittiLabels } from '../labels/semantic-kitti.js';

/** What a .label file holds beside single-scan classes. */
export interface KittiLabelOptions {
  /** Default 'single-scan'. */
  readonly task?: KittiTask;
  /** [N] instance of each point, 0 for none. Default: none. */
  readonly instances?: Uint16Array;
}

/**
 * The content of a .label file: uint32 per point, raw id in the low 16 bits, instance in the high ones.
 *
 * @throws RangeError for a class that the task does not have, or as many instances as there are not points.
 */
export const kittiLabelBytes = (
  classes: Uint8Array,
  { task = 'single-scan', instances }: KittiLabelOptions = {},
): Uint8Array => {
  if (instances && instances.length !== classes.length)
    throw new RangeError(`kittiLabelBytes: ${instances.length} instances of ${classes.length} points`);
  const words = Uint32Array.from(rawOfClasses(classes, semanticKittiLabels[task].rawLabels));
  if (instances) for (let i = 0; i < words.length; i++) words[i] |= instances[i] << 16;
  return new Uint8Array(words.buffer);
};
