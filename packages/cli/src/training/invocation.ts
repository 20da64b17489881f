import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import { listCheckpoints } from '@nerfseg/ssl';
import { type Either, left, right } from 'fp-ts/lib/Either.js';

/** How a run was begun: kept in its `run.json`, so that it can go on by its folder alone. */
export interface Invocation<Flags> {
  /** The data set's folder. */
  readonly path: string;
  /** What was said of the frames. */
  readonly flags: Partial<Flags>;
}

/** A run to go on with. */
export interface BegunRun<Flags> extends Invocation<Flags> {
  /** The file of its resolved configuration. */
  readonly config: string;
  /** What computed it: another engine sums in another order, and ends with other bits. */
  readonly engine?: string;
}

/**
 * Reads how the run in a folder was begun.
 *
 * @returns `not-found` where no checkpoint is there to go on from.
 */
export const readInvocation =
  <Flags>(folder: string) =>
  async (): Promise<Either<DataError, BegunRun<Flags>>> => {
    const file = join(folder, 'run.json');
    const config = join(folder, 'config.yaml');
    if (!existsSync(file) || !existsSync(config))
      return left(
        dataError('not-found', folder, '--resume', 'no run', 'the folder of a run: run.json and config.yaml'),
      );
    if ((await listCheckpoints(join(folder, 'checkpoints'))).length === 0)
      return left(
        dataError(
          'not-found',
          folder,
          '--resume',
          'no checkpoint',
          'one',
          'Give its command again to begin anew.',
        ),
      );
    try {
      const { invocation, engine } = JSON.parse(await readFile(file, 'utf8')) as {
        invocation: Invocation<Flags>;
        engine?: string;
      };
      if (typeof invocation.path !== 'string') throw new TypeError('no path');
      return right({ ...invocation, config, ...(engine === undefined ? {} : { engine }) });
    } catch (problem) {
      return left(dataError('malformed', file, 'invocation', String(problem), 'as nerfseg train writes it'));
    }
  };
