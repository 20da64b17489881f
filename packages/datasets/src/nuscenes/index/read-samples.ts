import { readTable } from '../read-table.js';
import { sampleRow, sceneRow } from '../rows.js';
import { readScannedTable } from '../scan/read-scanned-table.js';
import { rowScanner } from '../scan/row-scanner.js';
import { type TokenTable, tokenTable } from '../scan/token-table.js';
import { tokenWords } from '../scan/token-words.js';
import type { Aliases } from './aliases.js';

export interface Samples {
  readonly sceneNames: readonly string[];
  readonly samples: TokenTable;
  /** Scene of each sample; -1 for one of a scene that is not there. */
  readonly sceneOf: readonly number[];
}

/** scene.json and sample.json. */
export const readSamples = async (folder: string, aliases: Aliases): Promise<Samples> => {
  const scenes = tokenTable();
  const sceneNames: string[] = [];
  await readTable(folder, 'scene', sceneRow, ({ token, name }) => {
    if (scenes.add(tokenWords(token), 0) === sceneNames.length) sceneNames.push(name);
  });
  const samples = tokenTable();
  const sceneOf: number[] = [];
  const scanner = rowScanner([
    { name: 'token', kind: 'token' },
    { name: 'scene_token', kind: 'token' },
    { name: 'timestamp', kind: 'integer' },
  ]);
  await readScannedTable(folder, 'sample', sampleRow, scanner, () => {
    aliases.note(scanner, 'token');
    const sample = samples.add(scanner.words, scanner.slot('token'));
    sceneOf[sample] = scenes.find(scanner.words, scanner.slot('scene_token'));
  });
  return { sceneNames, samples, sceneOf };
};
