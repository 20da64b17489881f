import { type DataError, type DataErrorCode, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** Bad input, carried up to the nearest {@link guarded}; it never leaves the package. */
class Refusal extends Error {
  constructor(readonly toError: (source: string) => DataError) {
    super('refused');
  }
}

/** Gives up on the input; the fields are those of a `DataError`. */
export function refuse(
  code: DataErrorCode,
  field: string,
  found: string,
  expected: string,
  hint?: string,
): never {
  throw new Refusal((source) => dataError(code, source, field, found, expected, hint));
}

/** Gives up with an error that was made already. */
export function refuseWith(error: DataError): never {
  throw new Refusal(() => error);
}

/** Runs what may {@link refuse}; errors name `source`. */
export function guarded<A>(source: string, run: () => A): Either<DataError, A> {
  try {
    return right(run());
  } catch (thrown) {
    if (thrown instanceof Refusal) return left(thrown.toError(source));
    throw thrown;
  }
}
