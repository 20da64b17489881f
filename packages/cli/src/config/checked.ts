import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { z } from 'zod';
import { nearestName } from './nearest-name.js';
import { settingNames } from './setting-names.js';

/**
 * A value as its schema has it; an error names the place, the field, and for an unknown name the nearest one.
 *
 * @param origin where the value at a path was said: a file and line, or an option.
 */
export function checked<A>(
  schema: z.ZodType<A>,
  value: unknown,
  origin: (path: readonly PropertyKey[]) => string,
): Either<DataError, A> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return right(parsed.data);
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0]!];
    const name = path.join('.');
    return left(
      dataError(
        'malformed',
        origin(path),
        name,
        'an unknown name',
        'a setting that there is',
        hintOf(name, nearestName(name, settingNames(schema))),
      ),
    );
  }
  const at: unknown = issue.path.reduce<unknown>((inside, key) => memberOf(inside, key), value);
  return left(
    dataError(
      'malformed',
      origin(issue.path),
      issue.path.join('.') || 'value',
      JSON.stringify(at) ?? 'nothing',
      issue.message,
    ),
  );
}

/** A name that is right was written with its dots where a file nests it. */
const hintOf = (name: string, nearest: string | undefined): string | undefined => {
  if (nearest === undefined) return undefined;
  if (nearest !== name) return `Did you mean ${nearest}?`;
  const keys = name.split('.');
  return `Nest it: ${keys.join(': { ')}: ...${' }'.repeat(keys.length - 1)}`;
};

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
