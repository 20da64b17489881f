import { type DataError, formatError } from '@nerfseg/geometry';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** Carries a DataError up to the nearest `guard`, through loops and awaits; it never leaves the package. */
class DataFault extends Error {
  constructor(readonly error: DataError) {
    super(formatError(error));
  }
}

/** Ends the work at hand with this error; the nearest `guard` returns it. */
export const raise = (error: DataError): never => {
  throw new DataFault(error);
};

/** Whether this is what `raise` threw. */
export const isRaised = (thrown: unknown): boolean => thrown instanceof DataFault;

export const unwrap = <A>(result: Either<DataError, A>): A =>
  isLeft(result) ? raise(result.left) : result.right;

/** Runs what may `raise`; anything else that is thrown is a programmer's mistake and goes on as it is. */
export const guardSync = <A>(run: () => A): Either<DataError, A> => {
  try {
    return right(run());
  } catch (thrown) {
    if (thrown instanceof DataFault) return left(thrown.error);
    throw thrown;
  }
};

/** As `guardSync`, for asynchronous work. */
export const guard =
  <A>(run: () => Promise<A>): TaskEither<DataError, A> =>
  async () => {
    try {
      return right(await run());
    } catch (thrown) {
      if (thrown instanceof DataFault) return left(thrown.error);
      throw thrown;
    }
  };
