import type { ByteCursor } from './byte-cursor.js';
import { type PickleHooks, type PickleMachine, pop } from './pickle-machine.js';
import { pickleOperations } from './pickle-operations.js';
import type { PickleValue } from './pickle-values.js';
import { refuse } from './refuse.js';

const stop = 0x2e;

/**
 * Reads one pickle as data. Where Python's unpickler imports and calls whatever a file names, this machine only asks `hooks`, which
 * know a few names and run no code of the file's choosing.
 */
export function readPickle(cursor: ByteCursor, hooks: PickleHooks): PickleValue {
  const machine: PickleMachine = { cursor, hooks, stack: [], marks: [], memo: new Map() };
  for (;;) {
    const at = cursor.position();
    const code = cursor.uint8();
    if (code === stop) return pop(machine);
    const operation = pickleOperations.get(code);
    if (!operation)
      refuse(
        'malformed',
        `byte ${at}`,
        `instruction 0x${code.toString(16).padStart(2, '0')}`,
        'an instruction of pickle protocol 2 or later',
        'Is it a file that torch.save wrote?',
      );
    operation(machine);
  }
}
