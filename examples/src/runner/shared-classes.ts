import type { Relabelling } from '@nerfseg/datasets';
import type { LabelSpace } from '@nerfseg/geometry';
import { joinClasses, type Rows } from './join-classes.js';

/**
 * What nuScenes and SemanticKITTI both have: the ten classes of DGLSS (Kim et al., Single Domain Generalization for LiDAR Semantic
 * Segmentation, CVPR 2023; `learning_map_common` in its code's `configs/label_mapping`), of which bicycle and motorcycle, truck and other
 * vehicle are one each here, as in the benchmark's eleven. Members are named as nuScenes, SemanticKITTI or the benchmark name them. As there, what
 * no row names is ignored in the truth: SemanticKITTI's riders and other ground, nuScenes' other flat, and all that is built.
 */
const rows: Rows = [
  ['car', [255, 158, 0], ['car']],
  ['two_wheeler', [255, 61, 99], ['bicycle', 'motorcycle', 'two_wheeler', 'two-wheeler']],
  [
    'large_vehicle',
    [255, 127, 80],
    ['truck', 'bus', 'construction_vehicle', 'trailer', 'other-vehicle', 'large_vehicle', 'large-vehicle'],
  ],
  ['pedestrian', [0, 0, 230], ['pedestrian', 'person']],
  ['driveable_surface', [0, 207, 191], ['driveable_surface', 'road', 'parking']],
  ['sidewalk', [75, 0, 75], ['sidewalk']],
  ['terrain', [112, 180, 60], ['terrain']],
  ['vegetation', [0, 175, 0], ['vegetation', 'trunk']],
];

/** The shared classes for those of a data set or of a network. */
export const sharedClasses = (own: LabelSpace): Relabelling =>
  joinClasses('nuScenes and SemanticKITTI, 8 shared classes', rows, own, 'ignore');
