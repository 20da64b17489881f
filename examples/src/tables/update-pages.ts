import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dataError } from '@nerfseg/geometry';
import { maskTables } from '../masks/mask-results.js';
import { Failure } from '../runner/need.js';
import { readResults } from '../runner/results.js';
import { studies } from '../studies/index.js';
import { parallaxTable } from '../studies/parallax-table.js';
import { renderingTable } from '../studies/rendering-table.js';
import { targetsTable } from './targets.js';
import { askedBy, trialTables } from './trials.js';

const folderOfPages = fileURLToPath(new URL('../../', import.meta.url));

/** Puts every study's table between its markers in the README, and every other run's in TRIALS; what has no results gets a line that says so. */
export function updatePages(folder: string, pages = folderOfPages): void {
  const results = readResults(folder);
  // Any seed's place is every seed's.
  const asked = askedBy(studies.flatMap(({ runs }) => [...runs([0]), ...runs([0], 'semantickitti')]));
  const tables = [
    { name: 'targets', text: targetsTable(results) },
    { name: 'parallax', text: parallaxTable(folder) },
    { name: 'rendering', text: renderingTable(folder) },
    { name: 'masks', text: maskTables(folder) },
    ...studies.map(({ name, table }) => ({ name, text: table(results) })),
  ];
  renew(join(pages, 'README.md'), tables);
  renew(join(pages, 'TRIALS.md'), [{ name: 'trials', text: trialTables(results, asked) }]);
}

function renew(file: string, tables: readonly { readonly name: string; readonly text: string }[]): void {
  let text = readFileSync(file, 'utf8');
  for (const { name, text: table } of tables) text = between(text, name, table || 'Not run yet.', file);
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
