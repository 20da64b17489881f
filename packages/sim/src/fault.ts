import { type DataError, formatError } from '@nerfseg/geometry';
import { type Either, isLeft } from 'fp-ts/lib/Either.js';

/** Carries a DataError through generators and awaits to `simulateDataset`, which returns it; it never leaves the package. */
export class Fault extends Error {
  constructor(readonly error: DataError) {
    super(formatError(error));
  }
}

export const raise = (error: DataError): never => {
  throw new Fault(error);
};

export const unwrap = <A>(result: Either<DataError, A>): A =>
  isLeft(result) ? raise(result.left) : result.right;
