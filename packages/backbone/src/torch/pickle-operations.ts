import { utf8 } from './byte-cursor.js';
import { type PickleMachine, pop, popMark, push, top } from './pickle-machine.js';
import { describe, kindOf, type PickleValue } from './pickle-values.js';
import { refuse } from './refuse.js';

type Operation = (machine: PickleMachine) => void;

const pushing =
  (read: (machine: PickleMachine) => PickleValue): Operation =>
  (machine) =>
    push(machine, read(machine));

const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/** A little-endian two's complement integer of any length; 255 bytes at most. */
function long(bytes: Uint8Array): PickleValue {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]);
  if (bytes.length > 0 && bytes[bytes.length - 1] > 127) value -= 1n << BigInt(8 * bytes.length);
  return BigInt.asIntN(53, value) === value ? Number(value) : value;
}

const recall = (machine: PickleMachine, index: number): PickleValue => {
  const value = machine.memo.get(index);
  if (value === undefined)
    refuse('malformed', `byte ${machine.cursor.position()}`, `memo ${index}, never stored`, 'a whole pickle');
  return value;
};

const wrong = (machine: PickleMachine, found: PickleValue, expected: string): never =>
  refuse('malformed', `byte ${machine.cursor.position()}`, describe(found), expected);

/** Inert values stand for unknown objects: what is put into them is dropped. */
function append(machine: PickleMachine, items: readonly PickleValue[]): void {
  const list = top(machine);
  if (Array.isArray(list)) for (const item of items) list.push(item);
  else if (kindOf(list) !== 'inert') wrong(machine, list, 'a list');
}

function setItems(machine: PickleMachine, items: readonly PickleValue[]): void {
  const map = top(machine);
  if (items.length % 2 !== 0) wrong(machine, items.length, 'pairs of key and value');
  if (map instanceof Map) for (let i = 0; i < items.length; i += 2) map.set(items[i], items[i + 1]);
  else if (kindOf(map) !== 'inert') wrong(machine, map, 'a dictionary');
}

function reduce(machine: PickleMachine): void {
  const args = pop(machine);
  const callee = pop(machine);
  if (!Array.isArray(args)) wrong(machine, args, 'a tuple of arguments');
  push(machine, machine.hooks.call(callee, args as PickleValue[]));
}

/** The state of an ordered dictionary (`_metadata`) or of an inert value says nothing of use; others have none. */
function build(machine: PickleMachine): void {
  pop(machine);
  const target = top(machine);
  if (!(target instanceof Map) && !['inert', 'tensor'].includes(kindOf(target) ?? ''))
    wrong(machine, target, 'an object that has a state');
}

const memoize: Operation = (machine) => {
  machine.memo.set(machine.memo.size, top(machine));
};

const tuple =
  (count: number): Operation =>
  (machine) => {
    const items: PickleValue[] = [];
    for (let i = 0; i < count; i++) items.unshift(pop(machine));
    push(machine, items);
  };

const dictionary = (machine: PickleMachine): void => {
  const items = popMark(machine);
  push(machine, new Map());
  setItems(machine, items);
};

const stackGlobal = ({ hooks }: PickleMachine, name: PickleValue, module: PickleValue): PickleValue =>
  typeof name === 'string' && typeof module === 'string'
    ? hooks.global(`${module}.${name}`)
    : refuse('malformed', 'global', `${describe(module)}, ${describe(name)}`, 'two texts');

/**
 * The instructions of pickle protocols 2 to 5 that data needs, by their code (CPython's Lib/pickletools.py describes them). Each
 * takes at least its own byte of the file and makes at most one value, so that memory stays in proportion to the file.
 */
export const pickleOperations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, ({ cursor }) => void cursor.uint8()], // PROTO
  [0x95, ({ cursor }) => void cursor.take(8)], // FRAME
  [0x28, ({ marks, stack }) => void marks.push(stack.length)], // MARK
  [0x30, (machine) => void pop(machine)], // POP
  [0x31, (machine) => void popMark(machine)], // POP_MARK
  [0x32, pushing(top)], // DUP
  [0x4e, pushing(() => null)], // NONE
  [0x88, pushing(() => true)], // NEWTRUE
  [0x89, pushing(() => false)], // NEWFALSE
  [0x4a, pushing(({ cursor }) => cursor.int32())], // BININT
  [0x4b, pushing(({ cursor }) => cursor.uint8())], // BININT1
  [0x4d, pushing(({ cursor }) => cursor.uint16())], // BININT2
  [0x8a, pushing(({ cursor }) => long(cursor.take(cursor.uint8())))], // LONG1
  [0x47, pushing(({ cursor }) => cursor.float64BigEndian())], // BINFLOAT
  [0x58, pushing(({ cursor }) => utf8(cursor.take(cursor.uint32())))], // BINUNICODE
  [0x8c, pushing(({ cursor }) => utf8(cursor.take(cursor.uint8())))], // SHORT_BINUNICODE
  [0x8d, pushing(({ cursor }) => utf8(cursor.take(cursor.count64())))], // BINUNICODE8
  [0x54, pushing(({ cursor }) => latin1(cursor.take(cursor.uint32())))], // BINSTRING
  [0x55, pushing(({ cursor }) => latin1(cursor.take(cursor.uint8())))], // SHORT_BINSTRING
  [0x42, pushing(({ cursor }) => cursor.take(cursor.uint32()))], // BINBYTES
  [0x43, pushing(({ cursor }) => cursor.take(cursor.uint8()))], // SHORT_BINBYTES
  [0x8e, pushing(({ cursor }) => cursor.take(cursor.count64()))], // BINBYTES8
  [0x29, pushing(() => [])], // EMPTY_TUPLE
  [0x74, pushing(popMark)], // TUPLE
  [0x85, tuple(1)],
  [0x86, tuple(2)],
  [0x87, tuple(3)],
  [0x5d, pushing(() => [])], // EMPTY_LIST
  [0x6c, pushing(popMark)], // LIST
  [0x8f, pushing(() => [])], // EMPTY_SET
  [0x91, pushing(popMark)], // FROZENSET
  [0x61, (machine) => append(machine, [pop(machine)])], // APPEND
  [0x65, (machine) => append(machine, popMark(machine))], // APPENDS
  [0x90, (machine) => append(machine, popMark(machine))], // ADDITEMS
  [0x7d, pushing(() => new Map())], // EMPTY_DICT
  [0x64, dictionary], // DICT
  [
    0x73, // SETITEM
    (machine) => {
      const value = pop(machine);
      setItems(machine, [pop(machine), value]);
    },
  ],
  [0x75, (machine) => setItems(machine, popMark(machine))], // SETITEMS
  [0x63, pushing(({ cursor, hooks }) => hooks.global(`${cursor.line()}.${cursor.line()}`))], // GLOBAL
  [0x93, pushing((machine) => stackGlobal(machine, pop(machine), pop(machine)))], // STACK_GLOBAL
  [0x52, reduce], // REDUCE
  [0x81, reduce], // NEWOBJ
  [0x62, build], // BUILD
  [0x51, pushing((machine) => machine.hooks.persistent(pop(machine)))], // BINPERSID
  [0x71, (machine) => void machine.memo.set(machine.cursor.uint8(), top(machine))], // BINPUT
  [0x72, (machine) => void machine.memo.set(machine.cursor.uint32(), top(machine))], // LONG_BINPUT
  [0x94, memoize],
  [0x68, pushing((machine) => recall(machine, machine.cursor.uint8()))], // BINGET
  [0x6a, pushing((machine) => recall(machine, machine.cursor.uint32()))], // LONG_BINGET
]);
