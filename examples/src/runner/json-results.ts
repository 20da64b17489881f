import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '@nerfseg/datasets';
import { need } from './need.js';

/** The results of one kind in a folder, which is `KIND.*.json` there, in the order of their names; none where there is no folder. */
export const readKind = <A extends { readonly kind: string }>(folder: string, kind: A['kind']): A[] =>
  (existsSync(folder) ? readdirSync(folder).sort() : [])
    .filter((name) => name.startsWith(`${kind}.`) && name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as A);

/** Writes a result aside and moves it to its place. */
export async function writeJson(file: string, result: object): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await need(writeFileAtomic(file, new TextEncoder().encode(`${JSON.stringify(result, null, 2)}\n`)));
}
