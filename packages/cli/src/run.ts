import { type DataError, formatError } from '@nerfseg/geometry';
import { CommanderError } from 'commander';
import { createProgram } from './program.js';
import { exitCodes } from './terminal/exit-codes.js';
import { Failure } from './terminal/failure.js';
import { watchInterrupts } from './terminal/interrupts.js';
import type { Streams } from './terminal/terminal.js';

/** A kernel cannot return an Either: what the GPU cannot do is thrown, as a DataError. */
const isDataError = (thrown: unknown): thrown is DataError =>
  thrown instanceof Error && '_tag' in thrown && thrown._tag === 'DataError';

/**
 * Runs one `nerfseg` command line.
 *
 * @param args without the program's name: `['inspect', 'data/nuscenes']`.
 * @returns the exit status: 0 done, 1 failed (one line on stderr says why), 2 wrong usage, 130 interrupted.
 */
export async function run(args: readonly string[], streams: Streams): Promise<number> {
  const say = (line: string): boolean => streams.stderr.write(`${line}\n`);
  const { signal, release } = watchInterrupts(() =>
    say('\nnerfseg: stopping at the next safe point; press Ctrl-C again to stop at once.'),
  );
  try {
    await createProgram(streams, signal).parseAsync([...args], { from: 'user' });
    return exitCodes.ok;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (isDataError(thrown)) {
      say(`nerfseg: ${formatError(thrown)}`);
      return exitCodes.failure;
    }
    if (!(thrown instanceof Failure)) {
      say(`nerfseg: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`);
      say('nerfseg: this is a defect of nerfseg; please report it with the command line.');
      return exitCodes.failure;
    }
    if (thrown.error.code === 'interrupted') {
      say(`nerfseg: interrupted: ${thrown.error.found}. Run the same command again to finish.`);
      return exitCodes.interrupted;
    }
    say(`nerfseg: ${formatError(thrown.error)}`);
    return exitCodes.failure;
  } finally {
    await release();
  }
}
