import { existsSync } from 'node:fs';
import type { Arguments } from '../runner/command-line.js';
import { duration } from '../runner/costs.js';
import { realDataset } from '../runner/real-dataset.js';
import { hasResult } from '../runner/results.js';
import { whyNotNow } from '../runner/run-cost.js';
import { type Trained, withTrained } from '../runner/run-one.js';
import type { RunSpec } from '../runner/spec.js';
import { maskFile, readMaskResults, writeMaskResult } from './mask-results.js';
import { measureMasks } from './measure-masks.js';
import { realPictures, simulatedPictures } from './pictures.js';
import { calibration, samSettings } from './settings.js';

/** Whose pseudo-labels are judged on KITTI's frames, once `kitti` has trained it. */
const teacher: RunSpec = { method: 'nerf', dataset: 'kitti-frames', fraction: 100, seed: 0 };

/** Measures what is missing: Segment-Anything's settings on real pictures, else what stands in for it on simulated ones. */
export async function runMasks({ context, dryRun }: Arguments): Promise<void> {
  const world = 'nuscenes-like';
  const settings = context.data ? samSettings : calibration;
  const name = context.data ? realDataset(context.data) : world;
  const missing = settings.filter((setting) => !existsSync(maskFile(context.results, name, setting.name)));
  // Of all settings measured so far the dearest: Segment-Anything's thorough preset costs many times the others.
  const cost = Math.max(0, ...readMaskResults(context.results).map(({ seconds }) => seconds));
  context.note(
    `masks: ${missing.length} of ${settings.length} settings are not measured on ${name}${
      cost === 0 || missing.length === 0 ? '' : `, at most about ${duration(cost * missing.length)}`
    }`,
  );
  if (dryRun || missing.length === 0 || whyNotNow(undefined, context) !== undefined) return;
  const pictures = context.data ? await realPictures(context.data) : await simulatedPictures(world, context);
  const measureAll = async (trained?: Trained): Promise<void> => {
    for (const setting of missing) {
      if (whyNotNow(undefined, context) !== undefined) return;
      const result = await measureMasks(setting, pictures, context, trained);
      if (!result) return;
      await writeMaskResult(context.results, result);
      context.note(`${setting.name}: done`);
    }
  };
  if (pictures.name === 'semantickitti' && hasResult(context.results, teacher))
    await withTrained(teacher, context, measureAll);
  else await measureAll();
}
