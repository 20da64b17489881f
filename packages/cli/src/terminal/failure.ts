import type { DataError } from '@nerfseg/geometry';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Carries a {@link DataError} up to the command's border, where it becomes one line and an exit code. */
export class Failure extends Error {
  constructor(readonly error: DataError) {
    super(error.field);
  }
}

/** Ends the command with this error. */
export const fail = (error: DataError): never => {
  throw new Failure(error);
};

/** The task's result; its error ends the command. */
export const need = async <A>(task: TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  return isLeft(result) ? fail(result.left) : result.right;
};
