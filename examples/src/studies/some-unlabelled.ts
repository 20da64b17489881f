import type { RunData } from '../runner/data.js';

/** So many of a run's unlabelled training frames, spread evenly. */
export function someUnlabelled({ unlabelled }: RunData, frames: number): number[] {
  const step = Math.max(1, Math.floor(unlabelled.length / frames));
  return unlabelled.filter((_, i) => i % step === 0).slice(0, frames);
}
