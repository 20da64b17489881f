import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@nerfseg/geometry';
import { isLeft } from 'fp-ts/lib/Either.js';
import { decodeMaskFile } from '../sources/mask-file.js';
import { openMaskStore } from '../sources/mask-store.js';
import { keyOf, masksOfPicture } from './kill-trial-pictures.js';

export interface KillTrialOptions {
  /** A folder of the trial's own. */
  readonly folder: string;
  /** The compiled `kill-writer.js`. */
  readonly writer: string;
  readonly kills: number;
  readonly pictures: number;
  readonly seed: number;
  /** Milliseconds that a picture takes to compute. */
  readonly work: number;
}

/** What a trial found; all from `lost` on should be 0, but for what killed processes leave until the store is tidied. */
export interface KillTrialResult {
  readonly kills: number;
  readonly pictures: number;
  readonly computed: number;
  /** Kills that hit a writer while it computed or wrote a picture. */
  readonly killedAtWork: number;
  readonly seconds: number;
  /** Pictures reported as written that are not in the store at the end. */
  readonly lost: number;
  /** Files seen after any kill, or at the end, that are damaged or hold other masks. */
  readonly corrupt: number;
  /** Computations of a picture beyond the first that no kill in flight accounts for. */
  readonly computedTwice: number;
  readonly missing: number;
  readonly errors: number;
  /** Claims and unfinished files at the end, and how many of them are still there when the store has been tidied. */
  readonly leftOver: number;
  readonly leftAfterTidy: number;
}

/**
 * Two writers share a store and walk over the same pictures; one of them, by chance, is killed (SIGKILL) after a random
 * time and started again, `kills` times; then both run to their end.
 */
export async function killTrial(options: KillTrialOptions): Promise<KillTrialResult> {
  const { folder, writer, kills, pictures, seed, work } = options;
  const store = join(folder, 'store');
  const random = createRandom(seed);
  const begin = performance.now();
  let runs = 0;
  const journals: { readonly file: string; killed: boolean }[] = [];
  const start = (): { child: ChildProcess; ended: Promise<unknown>; journal: (typeof journals)[number] } => {
    const journal = { file: join(folder, `journal-${runs}`), killed: false };
    journals.push(journal);
    const args = [writer, store, journal.file, String(pictures), String(seed * 1000 + runs++), String(work)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
    return { child, ended: once(child, 'exit'), journal };
  };
  const writers = [start(), start()];
  let corrupt = 0;
  // What was found whole is not read after every kill: all of it is at the end.
  const whole = new Set<number>();
  for (let kill = 0; kill < kills; kill++) {
    const which = random.int(2);
    const { child, ended, journal } = writers[which]!;
    // Until it is at work; then a random moment of its work.
    while (!existsSync(journal.file) && child.exitCode === null) await sleep(2);
    await sleep(random.next() * 4 * work);
    journal.killed = child.exitCode === null && child.kill('SIGKILL');
    await ended;
    const seen = corruptFiles(store, pictures, whole);
    corrupt += seen.corrupt;
    for (const index of seen.present) whole.add(index);
    writers[which] = start();
  }
  for (const { ended } of writers) await ended;

  const starts = new Int32Array(pictures);
  const inFlight = new Int32Array(pictures);
  const reported = new Set<number>();
  let [computed, errors, killedAtWork] = [0, 0, 0];
  for (const { file, killed } of journals) {
    let open: number | undefined;
    for (const line of existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []) {
      const [word, number] = line.split(' ');
      const index = Number(number);
      if (word === 'error') errors++;
      if (word === 'start') {
        starts[index]!++;
        computed++;
        open = index;
      }
      if (word !== 'made' && word !== 'found') continue;
      reported.add(index);
      open = undefined;
    }
    if (open === undefined || !killed) continue;
    inFlight[open]!++;
    killedAtWork++;
  }
  const end = corruptFiles(store, pictures);
  const leftOver = atWorkOf(store).length;
  await openMaskStore({ name: 'trial', settings: {}, segment: () => never }, store).tidy();
  let computedTwice = 0;
  for (let i = 0; i < pictures; i++) computedTwice += Math.max(0, starts[i]! - 1 - inFlight[i]!);
  return {
    kills: journals.filter(({ killed }) => killed).length,
    pictures,
    computed,
    killedAtWork,
    seconds: (performance.now() - begin) / 1000,
    lost: [...reported].filter((index) => !end.present.has(index)).length,
    corrupt: corrupt + end.corrupt,
    computedTwice,
    missing: pictures - end.present.size,
    errors,
    leftOver,
    leftAfterTidy: atWorkOf(store).length,
  };
}

const never = async (): Promise<never> => {
  throw new Error('tidying computes nothing');
};

const homeOf = (store: string): string | undefined =>
  existsSync(store) ? readdirSync(store).map((name) => join(store, name))[0] : undefined;

const atWorkOf = (store: string): string[] => readdirSync(join(homeOf(store) ?? store, 'at-work'));

const known = new Map<number, string>();
const expected = (index: number): string => {
  const text = known.get(index) ?? JSON.stringify(masksOfPicture(index));
  known.set(index, text);
  return text;
};

/** Looks at every picture's file as it is on the disk, but for those passed over. */
function corruptFiles(
  store: string,
  pictures: number,
  passed: ReadonlySet<number> = new Set(),
): { corrupt: number; present: Set<number> } {
  const present = new Set<number>();
  const home = homeOf(store);
  let corrupt = 0;
  for (let index = 0; home !== undefined && index < pictures; index++) {
    if (passed.has(index)) continue;
    const key = keyOf(index);
    const file = join(home, key.slice(0, 2), `${key}.masks`);
    if (!existsSync(file)) continue;
    const masks = decodeMaskFile(new Uint8Array(readFileSync(file)), file);
    if (isLeft(masks) || JSON.stringify(masks.right) !== expected(index)) corrupt++;
    else present.add(index);
  }
  return { corrupt, present };
}
