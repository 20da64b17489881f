import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import type { Random } from '../types.js';
import { freshGenerator } from './fresh-generator.js';
import { hashKey } from './hash.js';

/** The {@link Random} over a pure-rand generator; `key` names its place in the tree of forks. */
export const randomOver = (generator: RandomGenerator, key: readonly number[]): Random => {
  const next = (): number => uniformFloat64(generator);
  const int = (n: number): number => {
    if (!(Number.isSafeInteger(n) && n > 0))
      throw new RangeError(`int: n must be a positive integer, not ${n}`);
    return uniformInt(generator, 0, n - 1);
  };
  return {
    next,
    int,
    // Box-Muller without keeping the second value: the state stays the generator's alone. 1 - next() is in (0, 1].
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = int(i + 1);
        const held = items[i];
        items[i] = items[j];
        items[j] = held;
      }
      return items;
    },
    fork: (name) => {
      const child = hashKey(key, name);
      return randomOver(freshGenerator(child), child);
    },
    state: () => [...generator.getState(), ...key],
  };
};
