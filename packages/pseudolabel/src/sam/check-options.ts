import { type DataError, dataError } from '@nerfseg/geometry';
import type { MaskHints } from '../sources/types.js';
import { type SamOptions, type SamSettings, samPresets } from './options.js';

/** What each number must lie in; whole numbers have a step of 1. */
const ranges: readonly [keyof SamSettings | 'threads', lowest: number, highest: number, whole: boolean][] = [
  ['threads', 1, 1024, true],
  ['pointsPerSide', 1, 1024, true],
  ['maxPrompts', 1, Number.MAX_SAFE_INTEGER, true],
  ['coverLimit', 0, 1, false],
  ['minPredictedIou', 0, 2, false],
  ['minStability', 0, 1, false],
  ['stabilityOffset', 0, 100, false],
  ['maskThreshold', -100, 100, false],
  ['maxBoxIou', 0, 1, false],
  ['cropLayers', 0, 4, true],
  ['maxCropBoxIou', 0, 1, false],
  ['cropOverlap', 0, 0.99, false],
  ['cropPointsDownscale', 1, 1024, false],
  ['minRegionArea', 0, Number.MAX_SAFE_INTEGER, false],
];

const choices: readonly [keyof SamOptions, readonly string[]][] = [
  ['preset', Object.keys(samPresets)],
  ['prompts', ['grid', 'lidar']],
  ['masksPerPrompt', ['all', 'best']],
];

/** What is wrong with the options that were given. */
export function checkSettings(given: SamOptions): DataError | undefined {
  const values: Readonly<Record<string, unknown>> = { ...given };
  const wrong = (field: string, expected: string): DataError =>
    dataError('out-of-range', 'samMasks', field, String(values[field]), expected);
  for (const [field, lowest, highest, whole] of ranges) {
    const value = values[field];
    if (!(field in values)) continue;
    if (
      typeof value !== 'number' ||
      !(value >= lowest && value <= highest) ||
      (whole && !Number.isInteger(value))
    )
      return wrong(field, `${whole ? 'a whole number' : 'a number'} from ${lowest} to ${highest}`);
  }
  for (const [field, allowed] of choices)
    if (field in values && !allowed.includes(String(values[field])))
      return wrong(field, allowed.join(' or '));
  const points = given.pointGrids?.flat() ?? [];
  if (points.some((point) => point.length !== 2 || point.some((at) => !(at >= 0 && at <= 1))))
    return wrong('pointGrids', 'points [x, y] from 0 to 1');
  return undefined;
}

/** What is wrong with a picture's hints: arrays of different lengths. */
export function checkHints(hints: MaskHints | undefined, key = 'image'): DataError | undefined {
  const lidar = hints?.lidar;
  if (lidar === undefined) return undefined;
  for (const field of ['v', 'depth', 'visible', 'height', 'cluster'] as const) {
    const length = lidar[field]?.length;
    if (length !== undefined && length !== lidar.u.length)
      return dataError(
        'mismatch',
        key,
        `hints.lidar.${field}`,
        `${length} values`,
        `${lidar.u.length}, as there are of u`,
      );
  }
  return undefined;
}
