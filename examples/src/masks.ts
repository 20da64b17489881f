import { existsSync } from 'node:fs';
import { maskFile, maskTables, writeMaskResult } from './masks/mask-results.js';
import { measureMasks } from './masks/measure-masks.js';
import { realPictures, simulatedPictures } from './masks/pictures.js';
import { calibration, samSettings } from './masks/settings.js';
import { hasResult } from './runner/results.js';
import { withTrained } from './runner/run-one.js';
import type { RunSpec } from './runner/spec.js';
import { script } from './runner/study.js';
import { updateReadme } from './tables/update-readme.js';

/** Whose pseudo-labels are judged, once `kitti` has trained it. */
const teacher: RunSpec = { method: 'nerf', dataset: 'kitti-frames', fraction: 100, seed: 0 };

await script(
  'masks',
  "Segment-Anything's parameters on real frames (--data); without: its masks beside what stands in for them on simulated pictures.",
  async ({ context, budget = Number.POSITIVE_INFINITY, dryRun }) => {
    const start = performance.now();
    const settings = context.data ? samSettings : calibration;
    const pictures = context.data
      ? await realPictures(context.data)
      : await simulatedPictures('nuscenes-like', context);
    const missing = settings.filter(
      ({ name }) => !existsSync(maskFile(context.results, pictures.name, name)),
    );
    context.note(
      `${missing.length} of ${settings.length} settings are not measured, on ${pictures.views.length} pictures`,
    );
    if (!dryRun && missing.length > 0) {
      const measureAll = async (trained?: Parameters<typeof measureMasks>[3]): Promise<void> => {
        for (const setting of missing) {
          if ((performance.now() - start) / 1000 > budget) return;
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
    console.log(maskTables(context.results));
    if (!dryRun) updateReadme(context.results);
  },
);
