import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/** xoroshiro128+ whose whole 128-bit state is the key (all zeros, its one forbidden state, is moved). */
export const freshGenerator = (key: readonly [number, number, number, number]): RandomGenerator =>
  xoroshiro128plusFromState((key[0] | key[1] | key[2] | key[3]) === 0 ? [1, 2, 3, 4] : key);
