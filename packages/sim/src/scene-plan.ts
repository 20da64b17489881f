import { kittiSequences, nuscenesScenes } from '@nerfseg/datasets';
import { createRandom, dataError } from '@nerfseg/geometry';
import type { SimulationConfig } from './config.js';
import { raise } from './fault.js';
import { type Condition, drawCondition } from './world/conditions.js';
import type { WorldKind } from './world/street-profile.js';

/** One drive to be simulated. */
export interface PlannedScene {
  readonly split: 'train' | 'val';
  readonly index: number;
  readonly kind: WorldKind;
  readonly condition: Condition;
  /** Timestamp of its first sweep, integer microseconds. */
  readonly start: number;
}

/** A scene or sequence of the data set, and the drives that fill it. */
export interface PlannedSequence {
  readonly name: string;
  readonly scenes: readonly PlannedScene[];
}

/** Each drive starts so much after the one before it, microseconds: the shorter ones always alike. */
const apartOf = ({ framesPerScene, frameSpacing }: SimulationConfig): number =>
  Math.max(1e9, Math.ceil(framesPerScene * frameSpacing + 1) * 1e6);

/**
 * Gives every drive a place that the official splits find: nuScenes scenes get the first names of the official lists. SemanticKITTI has ten
 * training sequences and one for validation, so further drives follow in the same sequence, one after the other.
 * Kinds of places take turns, in training and validation alike.
 */
export const planSequences = (config: SimulationConfig): PlannedSequence[] => {
  const sequences = new Map<string, PlannedScene[]>();
  const apart = apartOf(config);
  const valBegin = 1.5e15 + Math.max(1e12, config.scenes.train * apart);
  for (const split of ['train', 'val'] as const) {
    const nuScenes = config.format === 'nuscenes';
    const names = nuScenes ? nuscenesScenes(split) : kittiSequences(split);
    if (nuScenes && config.scenes[split] > names.length) {
      raise(
        dataError(
          'out-of-range',
          'simulation options',
          `scenes.${split}`,
          String(config.scenes[split]),
          `at most ${names.length}, as nuScenes has`,
        ),
      );
    }
    for (let index = 0; index < config.scenes[split]; index++) {
      const name = names[index % names.length];
      const scenes = sequences.get(name) ?? [];
      const begin = split === 'val' ? valBegin : 1.5e15;
      const start = nuScenes ? begin + index * apart : scenes.length * apart;
      const random = createRandom(config.seed).fork(`${split} ${index}`);
      scenes.push({
        split,
        index,
        kind: config.kinds[index % config.kinds.length],
        condition: drawCondition(config.conditions, random.fork('condition')),
        start,
      });
      sequences.set(name, scenes);
    }
  }
  return [...sequences].map(([name, scenes]) => ({ name, scenes }));
};
