import type { Arguments } from '../runner/command-line.js';
import type { RunData } from '../runner/data.js';
import type { RunSpec } from '../runner/spec.js';
import { type ConflictResult, conflictFile } from './conflicts-table.js';
import { countConflicts } from './count-conflicts.js';
import { measureTrained } from './measure-trained.js';
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
  given: Pick<Arguments, 'context' | 'dryRun'>,
  teachers: readonly RunSpec[],
): Promise<void> {
  for (const spec of teachers) {
    const { dataset, seed } = spec;
    const file = conflictFile(given.context.results, dataset, seed);
    const what = `conflicts, ${dataset}, seed ${seed}`;
    const named = { kind: 'conflicts' as const, dataset, seed };
    await measureTrained<ConflictResult, 'kind' | 'dataset' | 'seed'>(
      given,
      { spec, file, what, named },
      async (trained) => {
        const frames = looked(trained.data, spec);
        return {
          frames: frames.frames.length,
          ...(await countConflicts(trained, frames)),
        };
      },
    );
  }
}
