import type { TrainSettings } from '@nerfseg/ssl';
import type { RunResult } from '../runner/results.js';
import { canonical, type RunSpec, seedlessId, specOf } from '../runner/spec.js';
import { comparedRow, markdown } from './cells.js';

/**
 * Every result that no study asks for: a table for each data set, share of labels, scored frames, steps and labelled scans a step, with a
 * row for each method and what else differs from the benchmark. So nothing that was measured is out of sight.
 *
 * @param asked whether a study has a place for a run.
 */
export function trialTables(results: readonly RunResult[], asked: (run: RunSpec) => boolean): string {
  const trials = results.filter((result) => !asked(specOf(result)));
  const sections = grouped(trials, sectionOf).map(([title, runs]) => {
    const rows = grouped(runs, rowOf);
    const baseline = rows.find(([name]) => name === 'supervised')?.[1] ?? [];
    return `${title}:\n\n${markdown(
      ['', 'mIoU of points, % (seeds)', 'of voxels', 'against supervised'],
      rows.map(([name, own]) => comparedRow(name, own, baseline)),
    )}`;
  });
  return sections.join('\n\n');
}

/**
 * Groups in the order of their names: of those that begin alike the shortest, which differs least, is first. Settings in another order are
 * the same ones: a group has the name of its first run.
 */
function grouped(
  runs: readonly RunResult[],
  name: (run: RunResult) => string,
): (readonly [string, readonly RunResult[]])[] {
  const groups = new Map<string, RunResult[]>();
  for (const run of runs) {
    const key = name({ ...run, ...specOf(run) });
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  return [...groups.values()]
    .map((own) => [name(own[0]!), own] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What all runs of a table share beside the data: their settings that say how long, and on how much, they learn. */
const shared = ['labelledPerStep', 'unlabelledPerStep', 'steps'] as const;

const sectionOf = ({
  dataset,
  fraction,
  scoredOn,
  scoredWorld,
  scoredOver,
  settings = {},
}: RunResult): string =>
  [
    `${dataset}, ${fraction} % labels`,
    ...listed(settings, isShared),
    `scored on ${[
      ...(scoredWorld ? [scoredWorld] : []),
      ...(scoredOn === 'tune' ? ['the first 8 scenes'] : scoredWorld ? [] : ['the scenes of the tables']),
    ].join(', ')}`,
    ...(scoredOver ? ['over shared classes'] : []),
  ].join(', ');

const rowOf = ({ method, labels, width, corruption, sam, settings = {} }: RunResult): string =>
  [
    method,
    ...(labels === undefined ? [] : [`labels of list ${labels}`]),
    ...(width === undefined ? [] : [`width ${width}`]),
    ...listed(settings, (key) => !isShared(key)),
    ...(corruption ? [`corruption ${canonical(corruption)}`] : []),
    ...(sam ? [`Segment-Anything ${canonical(sam)}`] : []),
  ].join(', ');

const isShared = (key: string): boolean => shared.some((one) => one === key);

const listed = (settings: Partial<TrainSettings>, isListed: (key: string) => boolean): string[] =>
  Object.entries(settings)
    .filter(([key]) => isListed(key))
    .map(([key, value]) => `${key} ${typeof value === 'object' ? canonical(value) : value}`);

/** Tells whether a run is one of these but for its seed. */
export const askedBy = (runs: readonly RunSpec[]): ((run: RunSpec) => boolean) => {
  const known = new Set(runs.map(seedlessId));
  return (run) => known.has(seedlessId(run));
};
