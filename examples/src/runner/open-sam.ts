import { samMasks } from '@nerfseg/pseudolabel';
import { need } from './need.js';
import type { SamChanges } from './spec.js';

/** Segment-Anything as real pictures get their masks of it: by its preset `fast`, but for what is changed. */
export const openSam = (changes?: SamChanges) => need(samMasks({ preset: 'fast', ...changes }));
