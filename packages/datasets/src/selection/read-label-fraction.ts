import { type DataError, dataError } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { guard, raise } from '../files/guard.js';
import { readText } from '../files/read-bytes.js';
import type { FrameDataset } from '../types.js';

export interface ReadLabelFractionOptions {
  /** What to do with entries that the data set does not have: 'error' (default), or 'skip' and count them. */
  readonly absent?: 'error' | 'skip';
}

export interface PublishedLabelFraction {
  /** Ascending indices into the data set of the frames that keep their labels. */
  readonly labelled: number[];
  readonly unlabelled: number[];
  /** Entries that the data set does not have. */
  readonly absent: number;
}

/**
 * Reads a published list of labelled frames, one per line: sample tokens (nuScenes) or scan paths that end in
 * `NN/velodyne/NNNNNN.bin` (SemanticKITTI, ScribbleKITTI), whatever is before. Ids of the data set's frames, whatever they look like,
 * are taken as well.
 *
 * @returns `malformed` for a line that is none of these, `not-found` for one that the data set does not have (unless
 * `absent: 'skip'`), `empty` for a list without any line.
 */
export const readLabelFraction = (
  path: string,
  dataset: FrameDataset,
  options: ReadLabelFractionOptions = {},
): TaskEither<DataError, PublishedLabelFraction> =>
  guard(async () => {
    const indexOf = new Map<string, number>();
    for (let i = 0; i < dataset.length; i++) indexOf.set(dataset.frame(i).id, i);
    const chosen = new Set<number>();
    let absent = 0;
    const lines = (await readText(path)).split('\n');
    lines.forEach((line, row) => {
      const entry = line.trim();
      if (entry === '') return;
      // Tokens of drives of one's own need not look like official ones.
      const index = indexOf.get(entry) ?? indexOf.get(idOf(entry) ?? raise(badEntry(path, row, entry)));
      if (index !== undefined) chosen.add(index);
      else if (options.absent === 'skip') absent++;
      else
        raise(
          dataError(
            'not-found',
            path,
            `line ${row + 1}`,
            entry,
            `a frame of ${dataset.name} (${dataset.length} frames)`,
            'The list is of the whole training split; absent: "skip" takes what is there.',
          ),
        );
    });
    if (chosen.size + absent === 0) raise(dataError('empty', path, 'lines', 'none', 'one frame per line'));
    const labelled: number[] = [];
    const unlabelled: number[] = [];
    for (let i = 0; i < dataset.length; i++) (chosen.has(i) ? labelled : unlabelled).push(i);
    return { labelled, unlabelled, absent };
  });

const idOf = (entry: string): string | undefined => {
  const scan = /(?:^|\/)(\d+)\/velodyne\/(\d+)\.bin$/.exec(entry);
  if (scan) return `${scan[1]}/${scan[2]}`;
  return /^[0-9a-f]{32}$/.test(entry) ? entry : undefined;
};

const badEntry = (path: string, row: number, entry: string): DataError =>
  dataError(
    'malformed',
    path,
    `line ${row + 1}`,
    entry.slice(0, 80),
    'a sample token (32 hexadecimal digits) or .../NN/velodyne/NNNNNN.bin',
  );
