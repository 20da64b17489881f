import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { type DataError, dataError } from '../errors.js';
import type { Random } from '../types.js';
import { randomOver } from './random-over.js';

/**
 * Continues a generator where `random.state()` left it: same numbers, same forks.
 *
 * @param state eight 32-bit integers, as `state()` gave them.
 * @param source the checkpoint that holds the state, for the error.
 * @returns `malformed` when it is not such a state.
 */
export const restoreRandom = (
  state: readonly number[],
  source = 'random state',
): Either<DataError, Random> => {
  if (state.length !== 8)
    return left(dataError('malformed', source, 'length', `${state.length} numbers`, '8 numbers'));
  const wrong = state.findIndex((value) => (value | 0) !== value);
  if (wrong >= 0)
    return left(dataError('malformed', source, `[${wrong}]`, String(state[wrong]), 'a 32-bit integer'));
  if (state.slice(0, 4).every((value) => value === 0))
    return left(dataError('malformed', source, '[0..3]', 'only zeros', 'a state that can move'));
  return right(randomOver(xoroshiro128plusFromState(state.slice(0, 4)), state.slice(4)));
};
