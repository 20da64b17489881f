import type { Random } from '../types.js';
import { freshGenerator } from './fresh-generator.js';
import { hashKey } from './hash.js';
import { randomOver } from './random-over.js';

/**
 * A seeded generator (xoroshiro128+ of pure-rand). The same seed gives the same numbers on every machine.
 * `fork(name)` depends on the seed and on the names along the way only, never on how many numbers were drawn,
 * so adding a draw in one place changes nothing elsewhere.
 *
 * @param seed any number or text; 7 and '7' are different seeds.
 */
export const createRandom = (seed: number | string): Random => {
  const key = hashKey([0, 0, 0, 0], `${typeof seed}:${seed}`);
  return randomOver(freshGenerator(key), key);
};
