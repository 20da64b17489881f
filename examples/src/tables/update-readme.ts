import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { dataError } from '@nerfseg/geometry';
import { maskTables } from '../masks/mask-results.js';
import { Failure } from '../runner/need.js';
import { readResults } from '../runner/results.js';
import { studies } from '../studies/index.js';
import { parallaxTable } from '../studies/parallax-table.js';
import { renderingTable } from '../studies/rendering-table.js';
import { targetsTable } from './targets.js';

const readme = fileURLToPath(new URL('../../README.md', import.meta.url));

/** Puts every study's table between its markers in the README; a study without results gets a line that says so. */
export function updateReadme(folder: string, file = readme): void {
  const results = readResults(folder);
  let text = readFileSync(file, 'utf8');
  const tables = [
    { name: 'targets', text: targetsTable(results) },
    { name: 'parallax', text: parallaxTable(folder) || 'Not run yet.' },
    { name: 'rendering', text: renderingTable(folder) || 'Not run yet.' },
    { name: 'masks', text: maskTables(folder) || 'Not run yet.' },
    ...studies.map(({ name, table }) => ({ name, text: table(results) || 'Not run yet.' })),
  ];
  for (const { name, text: table } of tables) text = between(text, name, table, file);
  const aside = `${file}.part`;
  writeFileSync(aside, text);
  renameSync(aside, file);
}

function between(text: string, name: string, content: string, file: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from)
    throw new Failure(dataError('malformed', file, name, 'no markers', `${begin} ... ${end}`));
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
