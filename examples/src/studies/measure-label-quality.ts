import { createRandom } from '@nerfseg/geometry';
import { pointSemantics } from '@nerfseg/ssl';
import type { Context } from '../runner/context.js';
import { openData } from '../runner/data.js';
import { need } from '../runner/need.js';
import type { Trained } from '../runner/run-one.js';
import { planOf } from '../runner/settings.js';
import { thinNames } from '../tables/thin.js';
import { countPointLabels, type Looked, qualityOf, type Said } from './count-point-labels.js';
import { labelByRendering } from './label-by-rendering.js';
import type { LabelQualityResult } from './label-quality-table.js';
import { someUnlabelled } from './some-unlabelled.js';
import type { Variant } from './variants.js';

/**
 * How many points of unlabelled training frames one network would label, and how many of them rightly, with the thresholds and masks of each
 * variant: quantity and quality of what a run with these would learn from, the network being the same.
 */
export async function measureLabelQuality(
  trained: Trained,
  seed: number,
  variants: readonly Variant[],
  frames: number,
  context: Context,
): Promise<LabelQualityResult['quality']> {
  const { data } = trained;
  const ways = await Promise.all(
    variants.map(async ({ name, run }) => {
      const spec = { ...run, seed };
      const { masks, far } = await openData(spec, context);
      return { name, masks, plan: planOf(spec, data.dataset.labelSpace.names.length, far) };
    }),
  );
  const say = async (looked: Looked): Promise<Record<string, Said>> => {
    const { frame, view, plain, voxels } = looked;
    const seen = pointSemantics(plain, voxels, view);
    const said: Record<string, Said> = {};
    for (const { name, masks, plan } of ways)
      said[name] = await labelByRendering(
        looked,
        seen,
        await need(masks(view, frame)),
        plan,
        createRandom(`labels ${frame.id} ${view.name}`),
      );
    return said;
  };
  const names = ways.map(({ name }) => name);
  const counts = await countPointLabels(trained, data.dataset, someUnlabelled(data, frames), names, say);
  const classes = data.dataset.labelSpace.names;
  const all = classes.map((_, id) => id).slice(1);
  const thin = all.filter((id) => thinNames.includes(classes[id]!));
  return Object.fromEntries(
    names.map((name) => {
      const { all: every } = counts[name]!;
      return [name, { all: qualityOf(every, all), thin: qualityOf(every, thin) }];
    }),
  );
}
