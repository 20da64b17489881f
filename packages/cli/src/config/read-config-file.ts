import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { emptyLayer, isRecord, type Layer, overlay } from './layers.js';

/**
 * Reads a configuration file: YAML, or JSON, which is YAML too. `extends: other.yaml`, or a list of them, names files to
 * begin with, relative to this one; what this file says comes over them.
 *
 * @param within files that extend this one: none may come twice.
 */
export async function readConfigFile(
  file: string,
  within: readonly string[] = [],
): Promise<Either<DataError, Layer>> {
  const own = path.resolve(file);
  if (within.includes(own))
    return left(
      dataError(
        'malformed',
        file,
        'extends',
        `a circle: ${[...within, own].map((name) => path.basename(name)).join(' -> ')}`,
        'files that do not extend one another',
      ),
    );
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (problem) {
    const why = problem instanceof Error ? problem.message : String(problem);
    return left(dataError('missing-file', file, 'file', why, 'a YAML or JSON file'));
  }
  const parsed = parse(text, file);
  if (isLeft(parsed)) return parsed;
  const { extends: bases = [], ...value } = parsed.right.value;
  const names = typeof bases === 'string' ? [bases] : bases;
  if (!Array.isArray(names) || !names.every((name) => typeof name === 'string'))
    return left(dataError('malformed', file, 'extends', JSON.stringify(bases), 'a file, or a list of files'));
  let layer = emptyLayer;
  for (const name of names) {
    const base = await readConfigFile(path.resolve(path.dirname(file), name), [...within, own]);
    if (isLeft(base)) return base;
    layer = overlay(layer, base.right);
  }
  return right(overlay(layer, { value, origins: parsed.right.origins }));
}

function parse(text: string, file: string): Either<DataError, Layer> {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const [problem] = document.errors;
  if (problem) {
    const { line } = lineCounter.linePos(problem.pos[0]);
    return left(dataError('malformed', `${file}:${line}`, 'file', problem.message, 'YAML or JSON'));
  }
  let value: unknown;
  try {
    value = document.toJS() ?? {};
  } catch (thrown) {
    // Aliases (`*name`) are followed only now: one may lead nowhere, or unfold without end.
    return left(dataError('malformed', file, 'file', String(thrown), 'YAML or JSON'));
  }
  if (!isRecord(value))
    return left(dataError('malformed', file, 'file', JSON.stringify(value), 'names and values'));
  const origins = new Map<string, string>();
  const walk = (node: unknown, group: string): void => {
    if (!isMap(node)) return;
    for (const { key, value: below } of node.items) {
      if (!isScalar(key)) continue;
      const name = group === '' ? String(key.value) : `${group}.${key.value}`;
      origins.set(name, `${file}:${lineCounter.linePos(key.range?.[0] ?? 0).line}`);
      walk(below, name);
    }
  };
  walk(document.contents, '');
  // A group with nothing in it (`network:`) is the group as it is by default.
  return right({ value: withoutNulls(value), origins });
}

const withoutNulls = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, below]) => below !== null));
