import { existsSync } from 'node:fs';
import type { Arguments } from '../runner/command-line.js';
import { commit } from '../runner/commit.js';
import type { RunData } from '../runner/data.js';
import { writeJson } from '../runner/json-results.js';
import { withTrained } from '../runner/run-one.js';
import type { RunSpec } from '../runner/spec.js';
import { type ConflictResult, conflictFile } from './conflicts-table.js';
import { countConflicts } from './count-conflicts.js';
import { someUnlabelled } from './some-unlabelled.js';

/** Frames that are looked at, at most. */
const most = 32;

/** Whose points contradict: the network that the labels alone make, which knows no mask. */
export const conflictTeachers = (seed: number, frames: boolean): RunSpec[] =>
  frames
    ? [{ method: 'supervised', dataset: 'kitti-frames', fraction: 100, seed }]
    : ['nuscenes-like', 'scribblekitti-like', 'semantickitti-like'].map((dataset) => ({
        method: 'supervised',
        dataset,
        fraction: 1,
        seed,
      }));

/** Of simulated data unlabelled training frames, whose labels the network has not seen; KITTI's frames are scored where they have labels. */
const looked = (data: RunData, { dataset }: RunSpec): RunData['scored'] =>
  dataset === 'kitti-frames' ? data.scored : { dataset: data.dataset, frames: someUnlabelled(data, most) };

/** Measures what is missing; networks that were not trained before are. */
export async function runConflicts(
  { context, dryRun }: Pick<Arguments, 'context' | 'dryRun'>,
  teachers: readonly RunSpec[],
): Promise<void> {
  for (const spec of teachers) {
    const file = conflictFile(context.results, spec.dataset, spec.seed);
    if (existsSync(file) || context.signal.aborted) continue;
    context.note(`conflicts, ${spec.dataset}, seed ${spec.seed}: not measured`);
    if (dryRun) continue;
    await withTrained(spec, context, async (trained) => {
      const start = performance.now();
      const frames = looked(trained.data, spec);
      const counts = await countConflicts(trained, frames);
      const found: ConflictResult = {
        kind: 'conflicts',
        dataset: spec.dataset,
        seed: spec.seed,
        command: context.command,
        commit,
        seconds: Math.round((performance.now() - start) / 1000),
        frames: frames.frames.length,
        ...counts,
      };
      await writeJson(file, found);
    });
  }
}
