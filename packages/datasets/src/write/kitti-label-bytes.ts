import { rawOfClasses } from '../labels/raw-label-map.js';
import { semanticKittiRawLabels } from '../labels/semantic-kitti.js';

/** The content of a .label file: uint32 per point, raw id, instance 0. */
export const kittiLabelBytes = (classes: Uint8Array): Uint8Array =>
  new Uint8Array(Uint32Array.from(rawOfClasses(classes, semanticKittiRawLabels)).buffer);
