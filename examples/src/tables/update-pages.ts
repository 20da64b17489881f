import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '@nerfseg/files';
import { dataError } from '@nerfseg/geometry';
import { maskTables } from '../masks/mask-results.js';
import { tableSeeds } from '../runner/command-line.js';
import { Failure, need } from '../runner/need.js';
import { readResults } from '../runner/results.js';
import { conflictTable } from '../studies/conflicts-table.js';
import { studies } from '../studies/index.js';
import { kitti } from '../studies/kitti.js';
import { labelQualityTable } from '../studies/label-quality-table.js';
import { parallaxTable } from '../studies/parallax-table.js';
import { renderingTable } from '../studies/rendering-table.js';
import { table1 } from '../studies/table1.js';
import { methodsTable } from './methods.js';
import { targetsTable } from './targets.js';
import { askedBy, trialTables } from './trials.js';

const pages = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Puts every study's table between its markers in the README, every other run's in TRIALS, and what each method gains in the project's README;
 * what has no results gets a line that says so.
 *
 * @returns whether it did: the pages tell of `results/` beside them, not of a folder elsewhere.
 */
export async function updatePages(folder: string): Promise<boolean> {
  if (resolve(folder) !== join(pages, 'results')) return false;
  const results = readResults(folder);
  // Some rows have more seeds, for the aims, which compare seed by seed; a seed moves all methods by ten points, so that means over other seeds are no comparison.
  const tabled = results.filter(({ seed }) => tableSeeds.includes(seed));
  // Any seed's place is every seed's; of real data Table 1 and KITTI's frames alone have a place.
  const asked = askedBy([
    ...studies.flatMap(({ runs }) => runs([0])),
    ...kitti.runs([0], 'semantickitti'),
    ...['nuscenes', 'semantickitti', 'scribblekitti'].flatMap((real) => table1.runs([0], real)),
  ]);
  const tables = [
    { name: 'targets', text: targetsTable(results) },
    { name: 'parallax', text: parallaxTable(folder) },
    { name: 'rendering', text: renderingTable(folder) },
    { name: 'labels', text: labelQualityTable(folder) },
    { name: 'conflicts', text: conflictTable(folder) },
    { name: 'masks', text: maskTables(folder) },
    ...studies.map(({ name, table }) => ({ name, text: table(tabled) })),
  ];
  await renew(join(pages, 'README.md'), tables);
  await renew(join(pages, 'TRIALS.md'), [{ name: 'trials', text: trialTables(results, asked) }]);
  await renew(join(pages, '..', 'README.md'), [{ name: 'methods', text: methodsTable(tabled) }]);
  return true;
}

async function renew(
  file: string,
  tables: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  let text = readFileSync(file, 'utf8');
  for (const { name, text: table } of tables) text = between(text, name, table || 'Not run yet.', file);
  await need(writeFileAtomic(file, new TextEncoder().encode(text)));
}

function between(text: string, name: string, content: string, file: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from)
    throw new Failure(dataError('malformed', file, name, 'no markers', `${begin} ... ${end}`));
  return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`;
}
