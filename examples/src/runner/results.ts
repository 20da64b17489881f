import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readJson, writeJson } from './json-results.js';
import { type RunSpec, runId, specOf } from './spec.js';

/** What a run left: one object per file in `results/`. */
export interface RunResult extends RunSpec {
  readonly id: string;
  readonly command: string;
  /** Of the code that trained; '+' where files had changed since. */
  readonly commit: string;
  readonly engine: string;
  readonly threads: number;
  readonly steps: number;
  readonly labelled: number;
  readonly unlabelled: number;
  readonly scored: number;
  /** Wall-clock seconds of training and scoring, interruptions left out. */
  readonly seconds: number;
  /** Of these, scoring alone; results of the first runs do not have it. */
  readonly scoringSeconds?: number;
  /** 0..1. */
  readonly pointMiou: number;
  readonly voxelMiou: number;
  /** IoU of points by class name; null where the scored frames have none. */
  readonly perClass: Readonly<Record<string, number | null>>;
}

export const resultFile = (folder: string, spec: RunSpec): string => join(folder, `${runId(spec)}.json`);

export const hasResult = (folder: string, spec: RunSpec): boolean => existsSync(resultFile(folder, spec));

/** The result of a run, where it has one. */
export const readResult = (folder: string, spec: RunSpec): RunResult | undefined =>
  hasResult(folder, spec) ? (readJson(resultFile(folder, spec)) as RunResult) : undefined;

/** Writes one result aside and moves it to its place. */
export const writeResult = (folder: string, result: RunResult): Promise<void> =>
  writeJson(resultFile(folder, specOf(result)), result);

/** All results of runs in a folder; other JSON files there are left alone. */
export function readResults(folder: string): RunResult[] {
  if (!existsSync(folder)) return [];
  const found: RunResult[] = [];
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.json')) continue;
    const value = readJson(join(folder, name));
    if (isResult(value)) found.push(value);
  }
  return found;
}

const isResult = (value: unknown): value is RunResult => {
  if (typeof value !== 'object' || value === null || !('id' in value) || !('pointMiou' in value))
    return false;
  return typeof value.id === 'string' && typeof value.pointMiou === 'number';
};
