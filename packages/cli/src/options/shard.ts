import { type DataError, dataError } from '@nerfseg/geometry';
import { InvalidArgumentError } from 'commander';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** One part of work that several processes share: pictures number index, index + count, ... */
export interface Shard {
  /** From 0. */
  readonly index: number;
  readonly count: number;
  /** Where it comes from, for people. */
  readonly from: string;
}

/** Parser of `--shard i/n`, i from 1 to n. */
export const shardOf = (text: string): Shard => {
  const [, part, count] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (part === undefined || count === undefined || part < 1 || part > count)
    throw new InvalidArgumentError('Expected I/N with I from 1 to N, such as 1/8 for the first of eight.');
  return { index: part - 1, count, from: '--shard' };
};

/**
 * The shard that a scheduler gave this process: a Slurm array (SLURM_ARRAY_TASK_ID, _COUNT, _MIN and _STEP), or a
 * Kubernetes indexed job (JOB_COMPLETION_INDEX; its `completions` must be handed on as NERFSEG_SHARD_COUNT). Everything
 * where there is neither.
 */
export function scheduledShard(environment: NodeJS.ProcessEnv): Either<DataError, Shard> {
  const numberOf = (name: string, fallback: number): Either<DataError, number> => {
    const text = environment[name];
    if (text === undefined || text === '') return right(fallback);
    const value = Number(text);
    return Number.isSafeInteger(value) && value >= 0
      ? right(value)
      : left(
          dataError('malformed', 'environment', name, text, 'a whole number', '--shard 1/1 overrules it.'),
        );
  };
  const part = (name: string, index: number, count: number): Either<DataError, Shard> =>
    Number.isInteger(index) && index >= 0 && index < count
      ? right({ index, count, from: name })
      : left(
          dataError('out-of-range', 'environment', name, `part ${index} of ${count}`, `0 to ${count - 1}`),
        );
  if (environment.SLURM_ARRAY_TASK_ID) {
    const [id, count, first, step] = [
      numberOf('SLURM_ARRAY_TASK_ID', 0),
      numberOf('SLURM_ARRAY_TASK_COUNT', 1),
      numberOf('SLURM_ARRAY_TASK_MIN', 0),
      numberOf('SLURM_ARRAY_TASK_STEP', 1),
    ];
    if (id._tag === 'Left') return id;
    if (count._tag === 'Left') return count;
    if (first._tag === 'Left') return first;
    if (step._tag === 'Left') return step;
    return part('SLURM_ARRAY_TASK_ID', (id.right - first.right) / Math.max(1, step.right), count.right);
  }
  if (environment.JOB_COMPLETION_INDEX) {
    if (!environment.NERFSEG_SHARD_COUNT)
      return left(
        dataError(
          'not-found',
          'environment',
          'NERFSEG_SHARD_COUNT',
          'nothing, beside JOB_COMPLETION_INDEX',
          "the job's completions",
          'Kubernetes does not tell; set it in the pod, or use --shard.',
        ),
      );
    const index = numberOf('JOB_COMPLETION_INDEX', 0);
    const count = numberOf('NERFSEG_SHARD_COUNT', 1);
    if (index._tag === 'Left') return index;
    if (count._tag === 'Left') return count;
    return part('JOB_COMPLETION_INDEX', index.right, count.right);
  }
  return right({ index: 0, count: 1, from: 'all' });
}
