import { samSettings } from '../masks/settings.js';
import type { Variant } from './variants.js';

/** A run on real data by each of Segment-Anything's settings; the first is the run itself, with the masks that all runs have. */
export const samVariants = (run: Variant['run']): readonly Variant[] =>
  samSettings.map(({ name, sam = {} }) => ({
    name: `masks: ${name}`,
    run: Object.keys(sam).length === 0 ? run : { ...run, sam },
  }));
