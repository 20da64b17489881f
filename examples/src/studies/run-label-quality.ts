import { existsSync } from 'node:fs';
import type { Arguments } from '../runner/command-line.js';
import { resultFile } from '../runner/results.js';
import { type LabelQualityResult, labelQualityFile } from './label-quality-table.js';
import { measureLabelQuality } from './measure-label-quality.js';
import { measureTrained } from './measure-trained.js';
import { parallaxTeacher } from './run-parallax.js';
import { thresholdVariants } from './thresholds.js';

/** Frames whose pseudo-labels are judged. */
const frames = 32;

/** Measures what is missing, of the seeds whose run of Table 1 is there. */
export async function runLabelQuality(given: Arguments): Promise<void> {
  const { context, seeds } = given;
  for (const seed of seeds) {
    const spec = parallaxTeacher(seed);
    if (!existsSync(resultFile(context.results, spec))) continue;
    const file = labelQualityFile(context.results, seed);
    const named = { kind: 'labels' as const, seed };
    await measureTrained<LabelQualityResult, 'kind' | 'seed'>(
      given,
      { spec, file, what: `labels, seed ${seed}`, named },
      async (trained) => {
        const variants = thresholdVariants(spec.dataset);
        const quality = await measureLabelQuality(trained, seed, variants, frames, context);
        return { frames, quality };
      },
    );
  }
}
