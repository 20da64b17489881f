import type { Cylinder3dConfig } from '@nerfseg/backbone';
import { type CylindricalGrid, type DataError, dataError } from '@nerfseg/geometry';
import { bookkeeping, type TrainSettings, trainSettings } from '../train/settings.js';

/** Everything that a run's weights depend on, as plain data: a checkpoint of another run is refused, not continued. */
export interface RunIdentity {
  readonly format: number;
  readonly network: Cylinder3dConfig;
  readonly grid: CylindricalGrid;
  readonly settings: Partial<TrainSettings>;
  /** State of the generator that every random choice descends from. */
  readonly random: readonly number[];
  readonly dataset: {
    readonly name: string;
    readonly labelled: readonly number[];
    readonly unlabelled: readonly number[];
    /** See `datasetFingerprint`. */
    readonly fingerprint: string;
  };
  /** What made the masks, where the method needs some and it was said. */
  readonly masks?: Readonly<Record<string, unknown>>;
}

/** Grows when checkpoints of before can no longer be continued: a new setting's default is what was done before it, or this grows. */
export const checkpointFormat = 2;

/** Makes a {@link RunIdentity}. */
export const runIdentity = (
  parts: Omit<RunIdentity, 'format' | 'settings'> & { readonly settings: TrainSettings },
) => ({
  format: checkpointFormat,
  ...parts,
  settings: withoutBookkeeping(parts.settings),
});

const withoutBookkeeping = (settings: TrainSettings): Partial<TrainSettings> =>
  Object.fromEntries(
    Object.entries(settings).filter(([name]) => !bookkeeping.some((other) => other === name)),
  );

const why: Readonly<Record<string, string>> = {
  format: 'It was written by another version of nerfseg.',
  network: 'It is of another network.',
  grid: 'Its scans were cut into another grid.',
  random: 'It was started with another seed.',
  masks: 'It learned from masks that were made otherwise.',
  'dataset.name': 'It learned from another data set.',
  'dataset.fingerprint': 'The data set has changed since the run began.',
  'dataset.labelled': 'It learned from other labelled frames.',
  'dataset.unlabelled': 'It learned from other unlabelled frames.',
};

/** What a saved identity has that this run has not; the first difference, named. Settings that were not known then have their defaults; where one does not say what made its masks, they are taken for the other's. */
export function otherRun(saved: unknown, own: RunIdentity, source: string): DataError | undefined {
  const difference = firstDifference(
    withDefaults(saved, own),
    withDefaults(JSON.parse(JSON.stringify(own)), saved),
    [],
  );
  if (!difference) return undefined;
  const { path, found, expected } = difference;
  const field = path.join('.');
  const reason = why[path.slice(0, 2).join('.')] ?? why[path[0] ?? ''] ?? '';
  return dataError(
    'mismatch',
    source,
    field || 'run',
    short(found),
    short(expected),
    `${reason} Choose another folder, or delete this one to start again.`.trim(),
  );
}

const short = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const withDefaults = (saved: unknown, other: unknown): unknown =>
  isRecord(saved) && isRecord(saved.settings)
    ? {
        ...(isRecord(other) && 'masks' in other ? { masks: other.masks } : {}),
        ...saved,
        settings: { ...withoutBookkeeping(trainSettings.parse({})), ...saved.settings },
      }
    : saved;

function firstDifference(
  found: unknown,
  expected: unknown,
  path: readonly string[],
): { path: readonly string[]; found: unknown; expected: unknown } | undefined {
  if (isRecord(found) && isRecord(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const below = firstDifference(found[key], expected[key], [...path, key]);
      if (below) return below;
    }
    return undefined;
  }
  return JSON.stringify(found) === JSON.stringify(expected) ? undefined : { path, found, expected };
}
