import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import type { WrittenFrame } from '@nerfseg/datasets';
import { systemCode, writeFileAtomic } from '@nerfseg/files';
import { dataError } from '@nerfseg/geometry';
import { raise, unwrap } from './fault.js';

/** What is kept of a frame whose files are written: enough to finish the data set without tracing it again. */
export interface JournalEntry {
  /** Which frame, such as 'train 0/3'. */
  readonly key: string;
  readonly frame: WrittenFrame;
  /** Points per class id. */
  readonly pointsOfClass: readonly number[];
}

/** The frames that are done, on disk: one line each, added when all of a frame's files are in place. */
export interface Journal {
  readonly done: ReadonlyMap<string, JournalEntry>;
  add(entry: JournalEntry): Promise<void>;
  close(): Promise<void>;
}

const fileName = 'frames.jsonl';
/** What `writeFileAtomic` leaves when the process is killed in the midst of a file. */
const leftover = /^\..+\.[0-9a-f-]+(\.\d+)?\.part$/;

/**
 * Opens the journal in `folder`, or starts one where the folder is absent or empty. A line that was cut off is dropped, and so are
 * files that were cut off.
 *
 * @param receipt names the simulation: raises `mismatch` where the folder holds another one, or anything else.
 */
export const openJournal = async (folder: string, receipt: string): Promise<Journal> => {
  await mkdir(folder, { recursive: true });
  const path = join(folder, fileName);
  const header = headerOf(receipt);
  let text = await journalText(folder, receipt);
  if (text === undefined) {
    text = header;
    unwrap(await writeFileAtomic(path, text)());
  }
  const done = new Map<string, JournalEntry>();
  let end = header.length;
  for (;;) {
    const next = text.indexOf('\n', end);
    const entry = next < 0 ? undefined : parseLine(text.slice(end, next));
    if (!entry) break;
    done.set(entry.key, entry);
    end = next + 1;
  }
  await truncate(path, Buffer.byteLength(text.slice(0, end)));
  await removeLeftovers(folder);
  const file = await open(path, 'a');
  return {
    done,
    add: async (entry) => {
      const line = JSON.stringify(entry, (_, value: unknown) =>
        value instanceof Float64Array ? Array.from(value) : value,
      );
      await file.appendFile(`${JSON.stringify({ sum: sumOf(line), line })}\n`);
      await file.datasync();
    },
    close: () => file.close(),
  };
};

/**
 * The journal of this simulation in `folder`; undefined where the folder is absent or empty. Raises `mismatch` where it holds another one,
 * or anything else.
 */
export const journalText = async (folder: string, receipt: string): Promise<string | undefined> => {
  try {
    const content = (await readdir(folder)).filter((name) => !leftover.test(name));
    if (content.length === 0) return undefined;
    const text = content.includes(fileName) ? await readFile(join(folder, fileName), 'utf8') : '';
    return text.startsWith(headerOf(receipt)) ? text : raise(foreign(folder, content.includes(fileName)));
  } catch (thrown) {
    // Not there, or just now removed by the process that finished it.
    if (systemCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
};

/** Removes what is left of a run that ended between its last two steps: the data set is in its place, the journal not yet gone. */
export const discardJournal = async (folder: string, receipt: string): Promise<void> => {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => '');
  if (text.startsWith(headerOf(receipt))) await rm(folder, { recursive: true, force: true });
};

const headerOf = (receipt: string): string => `${JSON.stringify({ receipt })}\n`;

const sumOf = (line: string): string => createHash('md5').update(line).digest('hex');

/** A line holds its entry as text with a checksum: after a power cut its end may be anything. */
const parseLine = (text: string): JournalEntry | undefined => {
  try {
    const { sum, line } = JSON.parse(text) as { sum?: unknown; line?: unknown };
    if (typeof line !== 'string' || sum !== sumOf(line)) return undefined;
    const { frame, ...entry } = JSON.parse(line) as JournalEntry;
    return {
      ...entry,
      frame: {
        ...frame,
        globalFromEgo: Float64Array.from(frame.globalFromEgo),
        cameras: frame.cameras.map((camera) => ({
          ...camera,
          intrinsics: Float64Array.from(camera.intrinsics),
          egoFromCamera: Float64Array.from(camera.egoFromCamera),
          globalFromEgoAtCamera: Float64Array.from(camera.globalFromEgoAtCamera),
        })),
      },
    };
  } catch {
    return undefined;
  }
};

const removeLeftovers = async (folder: string): Promise<void> => {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await removeLeftovers(path);
    else if (leftover.test(entry.name)) await rm(path);
  }
};

const foreign = (folder: string, simulation: boolean) =>
  dataError(
    'mismatch',
    folder,
    'folder',
    simulation ? 'an interrupted simulation with other options, or by another version' : 'other files',
    'no folder, an empty one, or the same simulation interrupted',
    simulation ? 'Repeat the former options to go on with it, or remove the folder.' : 'Remove the folder.',
  );
