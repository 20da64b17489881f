import { existsSync } from 'node:fs';
import type { Arguments } from '../runner/command-line.js';
import { commit } from '../runner/commit.js';
import { duration } from '../runner/costs.js';
import { writeJson } from '../runner/json-results.js';
import { resultFile } from '../runner/results.js';
import { withTrained } from '../runner/run-one.js';
import { type LabelQualityResult, labelQualityFile } from './label-quality-table.js';
import { measureLabelQuality } from './measure-label-quality.js';
import { parallaxTeacher } from './run-parallax.js';
import { thresholdVariants } from './thresholds.js';

/** Frames whose pseudo-labels are judged. */
const frames = 32;

/** Measures what is missing, of the seeds whose run of Table 1 is there. */
export async function runLabelQuality({ context, seeds, dryRun }: Arguments): Promise<void> {
  for (const seed of seeds) {
    const teacher = parallaxTeacher(seed);
    const file = labelQualityFile(context.results, seed);
    if (existsSync(file) || context.signal.aborted || !existsSync(resultFile(context.results, teacher)))
      continue;
    context.note(`labels, seed ${seed}: not measured`);
    if (dryRun) continue;
    await withTrained(teacher, context, async (trained) => {
      const start = performance.now();
      const variants = thresholdVariants(teacher.dataset);
      const quality = await measureLabelQuality(trained, seed, variants, frames, context);
      const found: LabelQualityResult = {
        kind: 'labels',
        seed,
        command: context.command,
        commit,
        seconds: Math.round((performance.now() - start) / 1000),
        frames,
        quality,
      };
      await writeJson(file, found);
      context.note(`labels, seed ${seed}: ${duration(found.seconds)}`);
    });
  }
}
