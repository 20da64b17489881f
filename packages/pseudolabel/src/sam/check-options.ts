import { type DataError, dataError } from '@nerfseg/geometry';
import type { MaskHints } from '../sources/types.js';
import { type SamOptions, samPresets } from './options.js';

/** What a number must lie in. */
export interface NumberRange {
  readonly lowest: number;
  readonly highest: number;
  /** Whether it must be a whole number. */
  readonly whole: boolean;
}

const whole = (lowest: number, highest: number): NumberRange => ({ lowest, highest, whole: true });
const real = (lowest: number, highest: number): NumberRange => ({ lowest, highest, whole: false });

/** What every number among the options of `samMasks` must lie in. */
export const samRanges = {
  threads: whole(1, 1024),
  pointsPerSide: whole(1, 1024),
  maxPrompts: whole(1, Number.MAX_SAFE_INTEGER),
  coverLimit: real(0, 1),
  minPredictedIou: real(0, 2),
  minStability: real(0, 1),
  stabilityOffset: real(0, 100),
  maskThreshold: real(-100, 100),
  maxBoxIou: real(0, 1),
  cropLayers: whole(0, 4),
  maxCropBoxIou: real(0, 1),
  cropOverlap: real(0, 0.99),
  cropPointsDownscale: real(1, 1024),
  minRegionArea: real(0, Number.MAX_SAFE_INTEGER),
} as const satisfies Partial<Readonly<Record<keyof SamOptions, NumberRange>>>;

const choices: readonly [keyof SamOptions, readonly string[]][] = [
  ['preset', Object.keys(samPresets)],
  ['prompts', ['grid', 'lidar']],
  ['masksPerPrompt', ['all', 'best']],
];

/** What was expected of a number among the options, in words; undefined where the value is that. */
export function expectedWithin({ lowest, highest, whole }: NumberRange, value: unknown): string | undefined {
  const fits = typeof value === 'number' && value >= lowest && value <= highest;
  if (fits && (!whole || Number.isInteger(value))) return undefined;
  return `${whole ? 'a whole number' : 'a number'} from ${lowest} to ${highest}`;
}

/** What is wrong with the options that were given. */
export function checkSettings(given: SamOptions): DataError | undefined {
  const values: Readonly<Record<string, unknown>> = { ...given };
  const wrong = (field: string, expected: string): DataError =>
    dataError('out-of-range', 'samMasks', field, String(values[field]), expected);
  for (const [field, range] of Object.entries<NumberRange>(samRanges)) {
    const expected = field in values ? expectedWithin(range, values[field]) : undefined;
    if (expected !== undefined) return wrong(field, expected);
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
