import { readFile } from 'node:fs/promises';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { z } from 'zod';

const range = z.tuple([z.number(), z.number()]);
const count = z.number().int().positive();

/** A `--config` file: what the command line does not say. */
export const runConfig = z.strictObject({
  seed: z.number().int().min(0).optional(),
  network: z
    .strictObject({
      width: count.optional(),
      kernelMaps: z.enum(['paper', 'released']).optional(),
      pointWidths: z.array(count).min(1).optional(),
      voxelInputChannels: count.optional(),
    })
    .default({}),
  grid: z
    .strictObject({
      preset: z.enum(['semantickitti', 'nuscenes']).optional(),
      shape: z.tuple([count, count, count]).optional(),
      rho: range.optional(),
      z: range.optional(),
      interval: z.enum(['plain', 'released']).optional(),
      wrapAzimuth: z.boolean().optional(),
    })
    .default({}),
  /** Checked by the training settings' own schema. */
  training: z.record(z.string(), z.unknown()).default({}),
  /** Settings of Segment-Anything's automatic masks. */
  masks: z
    .strictObject({
      pointsPerSide: count.optional(),
      maxPrompts: count.optional(),
      minPredictedIou: z.number().optional(),
      minStability: z.number().optional(),
      cropLayers: z.number().int().min(0).optional(),
    })
    .default({}),
});

export type RunConfig = z.output<typeof runConfig>;

/** Reads a `--config` file; without one, everything is default. */
export async function readRunConfig(path: string | undefined): Promise<Either<DataError, RunConfig>> {
  if (path === undefined) return right(runConfig.parse({}));
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    return left(dataError('missing-file', path, 'file', why, 'a JSON file'));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (problem) {
    return left(
      dataError('malformed', path, 'file', problem instanceof Error ? problem.message : 'no JSON', 'JSON'),
    );
  }
  return checked(runConfig, value, path);
}

/** A value as its schema has it; an error names the field. */
export function checked<A>(schema: z.ZodType<A>, value: unknown, source: string): Either<DataError, A> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return right(parsed.data);
  const issue = parsed.error.issues[0]!;
  if (issue.code === 'unrecognized_keys')
    return left(
      dataError(
        'malformed',
        source,
        [...issue.path, ...issue.keys].join('.'),
        'an unknown name',
        'none such',
      ),
    );
  const at: unknown = issue.path.reduce<unknown>((inside, key) => memberOf(inside, key), value);
  return left(
    dataError(
      'malformed',
      source,
      issue.path.join('.') || 'value',
      JSON.stringify(at) ?? 'nothing',
      issue.message,
    ),
  );
}

const memberOf = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
