import { dataError } from '@nerfseg/geometry';
import { fail } from './failure.js';
import type { Terminal } from './terminal.js';

/** Ends the command between two pieces of work when Ctrl-C was pressed. */
export function stopIfInterrupted({ signal }: Terminal, source: string, done: string): void {
  if (signal.aborted) fail(dataError('interrupted', source, 'signal', done, 'to run to the end'));
}
