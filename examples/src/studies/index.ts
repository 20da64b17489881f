import type { Study } from '../runner/study.js';
import { bridges } from './bridges.js';
import { cross } from './cross.js';
import { fraction } from './fraction.js';
import { kitti } from './kitti.js';
import { lidar } from './lidar.js';
import { regime } from './regime.js';
import { steps } from './steps.js';
import { table1 } from './table1.js';
import { table2 } from './table2.js';
import { thresholds } from './thresholds.js';

/** Every study that trains, in order of value. */
export const studies: readonly Study[] = [
  regime,
  table1,
  kitti,
  table2,
  bridges,
  fraction,
  thresholds,
  lidar,
  cross,
  steps,
];
