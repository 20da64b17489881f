import { type DataError, formatError } from '@nerfseg/geometry';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Carries a {@link DataError} up to the script's border, where it becomes one line and an exit code. */
export class Failure extends Error {
  constructor(readonly error: DataError) {
    super(formatError(error));
  }
}

/** The task's result; its error ends the script. */
export async function need<A>(task: TaskEither<DataError, A>): Promise<A> {
  const result = await task();
  if (isLeft(result)) throw new Failure(result.left);
  return result.right;
}
