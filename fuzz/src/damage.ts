import { writeFileSync } from 'node:fs';
import type { Random } from '@nerfseg/geometry';
import { read } from './bytes.js';
import { byteMutations } from './mutations/byte-mutations.js';
import { fileMutations } from './mutations/file-mutations.js';
import { jsonMutations } from './mutations/json-mutations.js';
import { textMutations } from './mutations/text-mutations.js';
import type { ByteMutation } from './types.js';

const pick = <A>(all: Readonly<Record<string, A>>, random: Random): readonly [string, A] => {
  const entries = Object.entries(all);
  return entries[random.int(entries.length)];
};

/** Kinds of damage that suit a file by its name. */
const kindsFor = (file: string): readonly Readonly<Record<string, ByteMutation>>[] => {
  if (file.endsWith('.json'))
    return [jsonMutations, jsonMutations, jsonMutations, textMutations, byteMutations];
  return file.endsWith('.txt') ? [textMutations, textMutations, byteMutations] : [byteMutations];
};

/** Damages a file, or what is around it; returns how. Another kind is tried where one has no use for this file. */
export const damage = (file: string, random: Random): string => {
  if (random.int(5) === 0) {
    const [name, change] = pick(fileMutations, random);
    change(file);
    return name;
  }
  const bytes = read(file);
  const kinds = kindsFor(file);
  for (;;) {
    const [name, change] = pick(kinds[random.int(kinds.length)], random);
    const changed = change(bytes, random);
    if (changed === undefined) continue;
    writeFileSync(file, changed);
    return name;
  }
};
