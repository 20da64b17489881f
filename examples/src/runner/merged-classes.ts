import type { Relabelling } from '@nerfseg/datasets';
import type { LabelSpace } from '@nerfseg/geometry';
import { joinClasses, type Rows } from './join-classes.js';

/**
 * nuScenes' sixteen as eleven. Four labelled scans have a handful of every one of these, as a hundredth of the real data
 * set has of the sixteen; of trailers or building machines alone they have none, or one.
 */
const nuScenesRows: Rows = [
  ['barrier', [112, 128, 144], ['barrier']],
  ['two_wheeler', [255, 61, 99], ['bicycle', 'motorcycle']],
  ['large_vehicle', [255, 127, 80], ['bus', 'construction_vehicle', 'trailer', 'truck']],
  ['car', [255, 158, 0], ['car']],
  ['pedestrian', [0, 0, 230], ['pedestrian']],
  ['traffic_cone', [47, 79, 79], ['traffic_cone']],
  ['driveable_surface', [0, 207, 191], ['driveable_surface']],
  ['sidewalk', [75, 0, 75], ['sidewalk', 'other_flat']],
  ['terrain', [112, 180, 60], ['terrain']],
  ['manmade', [222, 184, 135], ['manmade']],
  ['vegetation', [0, 175, 0], ['vegetation']],
];

/** SemanticKITTI's nineteen as eleven, for the same reason. */
const kittiRows: Rows = [
  ['car', [100, 150, 245], ['car']],
  ['two-wheeler', [30, 60, 150], ['bicycle', 'motorcycle', 'bicyclist', 'motorcyclist']],
  ['large-vehicle', [80, 30, 180], ['truck', 'other-vehicle']],
  ['person', [255, 30, 30], ['person']],
  ['road', [255, 0, 255], ['road', 'parking']],
  ['sidewalk', [75, 0, 75], ['sidewalk', 'other-ground']],
  ['terrain', [150, 240, 80], ['terrain']],
  ['building', [255, 200, 0], ['building']],
  ['fence', [255, 120, 50], ['fence']],
  ['vegetation', [0, 175, 0], ['vegetation', 'trunk']],
  ['pole', [255, 240, 150], ['pole', 'traffic-sign']],
];

/** The benchmark's classes for a data set's own. */
export const mergedClasses = (own: LabelSpace): Relabelling =>
  own.names.includes('driveable_surface')
    ? joinClasses('nuScenes, 11 classes', nuScenesRows, own)
    : joinClasses('SemanticKITTI, 11 classes', kittiRows, own);
