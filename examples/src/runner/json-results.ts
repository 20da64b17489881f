import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { writeFileAtomic } from '@nerfseg/files';
import { dataError } from '@nerfseg/geometry';
import { Failure, need } from './need.js';

/** The results of one kind in a folder, which is `KIND.*.json` there, in the order of their names; none where there is no folder. */
export const readKind = <A extends { readonly kind: string }>(folder: string, kind: A['kind']): A[] =>
  (existsSync(folder) ? readdirSync(folder).sort() : [])
    .filter((name) => name.startsWith(`${kind}.`) && name.endsWith('.json'))
    .map((name) => readJson(join(folder, name)) as A);

/** A file's JSON; what is none is named. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (problem) {
    throw new Failure(dataError('malformed', file, 'file', String(problem), 'JSON'));
  }
}

/** Writes a result aside and moves it to its place. */
export async function writeJson(file: string, result: object): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  await need(writeFileAtomic(file, new TextEncoder().encode(`${JSON.stringify(result, null, 2)}\n`)));
}
