import { createHash } from 'node:crypto';
import type { SamOptions, samRanges } from '@nerfseg/pseudolabel';
import type { MethodName, TrainSettings } from '@nerfseg/ssl';
import type { Corruption } from './truth-masks.js';

/** What masks depend on of Segment-Anything's settings, as plain data. */
export type SamChanges = Pick<SamOptions, 'preset' | Exclude<keyof typeof samRanges, 'threads'>>;

/** One run as plain data: what it is named by, and all that decides its result beside the benchmark's settings. */
export interface RunSpec {
  readonly method: MethodName;
  /** A simulated world's name (worlds.ts), 'kitti-frames', or 'nuscenes', 'semantickitti', 'scribblekitti' for real data. */
  readonly dataset: string;
  /** Percent of the training frames that keep their labels. */
  readonly fraction: number;
  readonly seed: number;
  /** Digest of a published list of labelled frames, which takes the place of a draw by the seed. */
  readonly labels?: string;
  /** Which frames are scored: those of tables, or those on which settings are chosen. Default 'test'. */
  readonly scoredOn?: 'test' | 'tune';
  /** A world whose scored frames are taken in place of the training world's. */
  readonly scoredWorld?: string;
  /** 'shared': over the classes that nuScenes and SemanticKITTI both have. Default: over the training world's. */
  readonly scoredOver?: 'shared';
  /** What differs from the settings that all runs share. */
  readonly settings?: Partial<TrainSettings>;
  readonly width?: number;
  /** What differs from the usual corruption of simulated masks. */
  readonly corruption?: Partial<Corruption>;
  /** What differs from Segment-Anything's preset `fast`, of which real pictures get their masks. */
  readonly sam?: SamChanges;
}

/** Short, stable name of a run: equal specifications have equal names, whatever the order of their fields. */
export function runId(spec: RunSpec): string {
  const { method, dataset, fraction, seed, ...rest } = spec;
  const plain = `${dataset}.${fraction}.${method}.${seed}`;
  const more = canonical(rest);
  if (more === '{}') return plain;
  return `${plain}.${createHash('sha256').update(more).digest('hex').slice(0, 8)}`;
}

/** Name of what all seeds of a run share. */
export const seedlessId = (run: Omit<RunSpec, 'seed'>): string => runId({ ...run, seed: 0 });

/** JSON with sorted keys and without what is undefined. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`);
  return `{${fields.join(',')}}`;
}

/** The specification alone, of something that has more fields: a result. */
export function specOf(from: RunSpec): RunSpec {
  const { method, dataset, fraction, seed, labels, settings, width, corruption, sam } = from;
  const { scoredOn, scoredWorld, scoredOver } = from;
  const learnt = { method, dataset, fraction, seed, labels, settings, width, corruption, sam };
  return JSON.parse(canonical({ ...learnt, scoredOn, scoredWorld, scoredOver })) as RunSpec;
}

/** The run whose network is the same, scored as tables are: what is learnt does not depend on what is scored. */
export const trainedAs = ({ scoredOn: _, scoredWorld: __, scoredOver: ___, ...learnt }: RunSpec): RunSpec =>
  specOf(learnt);
