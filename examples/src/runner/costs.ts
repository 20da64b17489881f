import type { RunResult } from './results.js';
import type { RunSpec } from './spec.js';

/**
 * How long a run should take, seconds, from the runs that were measured: of its method and data set, else of its data set scaled by what
 * methods cost beside each other, else of any; undefined while nothing was measured.
 */
export function estimatedSeconds(
  spec: RunSpec,
  steps: number,
  results: readonly RunResult[],
): number | undefined {
  const perStep = (of: readonly RunResult[]): number | undefined => {
    const costs = of.map(({ seconds, steps: taken }) => seconds / taken).sort((a, b) => a - b);
    return costs[costs.length >> 1];
  };
  const alike = results.filter((r) => r.dataset === spec.dataset && r.width === spec.width);
  const same = perStep(alike.filter((r) => r.method === spec.method));
  const other = perStep(
    (alike.length > 0 ? alike : results).map((r) => ({ ...r, seconds: r.seconds / share[r.method] })),
  );
  const cost = same ?? (other === undefined ? undefined : other * share[spec.method]);
  return cost === undefined ? undefined : cost * steps;
}

/** Seconds of a step beside a supervised one: scans that are encoded, and rays. A guess until runs are measured. */
const share: Readonly<Record<RunSpec['method'], number>> = {
  supervised: 1,
  'mean-teacher': 2,
  cbst: 2.2,
  cps: 3.5,
  lasermix: 3.5,
  'multi-view': 3,
  'multi-view-lasermix': 4.2,
  projection: 2.2,
  nerf: 3.5,
  'nerf-mean-teacher': 3.7,
  'nerf-lasermix': 5,
};

/** '1 h 05 min', '3 min', '20 s'. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
