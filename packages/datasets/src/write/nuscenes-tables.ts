import { type Pose, quaternionOf, translationOf } from '@nerfseg/geometry';
import { nuscenesCategories } from '../labels/nuscenes.js';
import { tokenOf } from './token-of.js';

export type TableName =
  | 'attribute'
  | 'calibrated_sensor'
  | 'category'
  | 'ego_pose'
  | 'instance'
  | 'lidarseg'
  | 'log'
  | 'map'
  | 'panoptic'
  | 'sample'
  | 'sample_annotation'
  | 'sample_data'
  | 'scene'
  | 'sensor'
  | 'visibility';

type Cell = string | number | boolean | readonly Cell[];
export type Row = Record<string, Cell>;
export type Tables = Record<TableName, Row[]>;

/** Translation and rotation columns of a pose. */
export const poseColumns = (pose: Pose) => ({
  translation: Array.from(translationOf(pose)),
  rotation: quaternionOf(pose),
});

/** All tables of the official schema; those that describe boxes stay empty, the fixed ones are filled. */
export const newTables = (): Tables => ({
  attribute: [],
  calibrated_sensor: [],
  category: nuscenesCategories.map(([name], index) => ({
    token: tokenOf('category', name),
    name,
    description: '',
    index,
  })),
  ego_pose: [],
  instance: [],
  lidarseg: [],
  log: [],
  map: [],
  panoptic: [],
  sample: [],
  sample_annotation: [],
  sample_data: [],
  scene: [],
  sensor: [],
  visibility: ['0-40', '40-60', '60-80', '80-100'].map((range, i) => ({
    token: String(i + 1),
    level: `v${range}`,
    description: `visibility of whole object is between ${range.replace('-', ' and ')}%`,
  })),
});
