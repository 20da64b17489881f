import type { ByteCursor } from './byte-cursor.js';
import type { PickleValue } from './pickle-values.js';
import { refuse } from './refuse.js';

/** What a pickle may refer to; each refuses what it does not know. */
export interface PickleHooks {
  /** A Python name, `module.name`. */
  readonly global: (name: string) => PickleValue;
  /** A call of such a name. */
  readonly call: (callee: PickleValue, args: readonly PickleValue[]) => PickleValue;
  /** A persistent id: PyTorch's storages. */
  readonly persistent: (id: PickleValue) => PickleValue;
}

/** The state of the pickle virtual machine. */
export interface PickleMachine {
  readonly cursor: ByteCursor;
  readonly hooks: PickleHooks;
  readonly stack: PickleValue[];
  /** Heights of the stack at the open marks. */
  readonly marks: number[];
  readonly memo: Map<number, PickleValue>;
}

export const push = (machine: PickleMachine, value: PickleValue): void => {
  machine.stack.push(value);
};

const underflow = (machine: PickleMachine): never =>
  refuse(
    'malformed',
    `byte ${machine.cursor.position()}`,
    'an instruction without operands',
    'a whole pickle',
  );

/** The topmost value; an instruction may not reach below the innermost mark. */
export function top(machine: PickleMachine): PickleValue {
  const floor = machine.marks.at(-1) ?? 0;
  if (machine.stack.length <= floor) underflow(machine);
  return machine.stack[machine.stack.length - 1];
}

export function pop(machine: PickleMachine): PickleValue {
  const value = top(machine);
  machine.stack.pop();
  return value;
}

/** Everything above the innermost mark, which is taken away. */
export function popMark(machine: PickleMachine): PickleValue[] {
  const mark = machine.marks.pop();
  return mark === undefined ? underflow(machine) : machine.stack.splice(mark);
}
