import {
  dataError,
  type Pose,
  poseFromRows34,
  type SplitProjection,
  splitProjection,
} from '@nerfseg/geometry';
import { raise, unwrap } from '../files/guard.js';
import { numbersOf, readLines } from './read-numbers.js';

/** One sequence's calib.txt. */
export interface KittiCalibration {
  /** Of image_0 to image_3: K, and the camera's place beside camera 0. */
  readonly projections: readonly SplitProjection[];
  /** Rectified camera 0 from the scanner: `Tr`. */
  readonly camera0FromLidar: Pose;
}

/** Reads calib.txt: P0 to P3 and Tr, 12 numbers each, 3x4 row-major. Raises. */
export const readCalibration = async (path: string): Promise<KittiCalibration> => {
  const rows = new Map<string, number[]>();
  for (const line of await readLines(path)) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    if (/^(P[0-3]|Tr)$/.test(name)) rows.set(name, numbersOf(line.slice(colon + 1), path, name));
  }
  const row = (name: string): number[] =>
    rows.get(name) ?? raise(dataError('not-found', path, name, 'no such line', '12 numbers, 3x4 row-major'));
  return {
    projections: ['P0', 'P1', 'P2', 'P3'].map((name) =>
      unwrap(splitProjection(row(name), `${path}: ${name}`)),
    ),
    camera0FromLidar: unwrap(poseFromRows34(row('Tr'), `${path}: Tr`)),
  };
};
