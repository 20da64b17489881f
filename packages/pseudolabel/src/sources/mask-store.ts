import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClaimRules, claimsIn, type ForeignClaim, systemCode, writeAside } from '@nerfseg/files';
import { type DataError, dataError, formatError, type Image, type SegmentMasks } from '@nerfseg/geometry';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { errorText } from './error-text.js';
import { decodeMaskFile, encodeMaskFile } from './mask-file.js';
import type { MaskHints, MaskSource } from './types.js';

/** A picture whose masks are wanted. */
export interface StorePicture {
  /** Names its content: see {@link pictureKey}. */
  readonly key: string;
  /** Asked for only when there are no masks yet. */
  readonly image: () => TaskEither<DataError, Image>;
  /** Names it in messages: a path, say. */
  readonly name?: string;
  /** Its size, where known: masks of another size are taken for damaged. */
  readonly width?: number;
  readonly height?: number;
  /** Handed to the source. They must be part of `key` where they change the masks: see `MaskSource.hintKey`. */
  readonly hints?: MaskHints;
}

/** One picture's masks, and where they came from. */
export interface StoredMasks {
  readonly state: 'found' | 'made';
  readonly masks: SegmentMasks;
  /** What they take in the store. */
  readonly bytes: number;
}

/** Writes a file whole or not at all; `writeAside` of `@nerfseg/files` is one, tests put a failing one in its place. */
export type WriteFile = (file: string, aside: string, bytes: Uint8Array) => Promise<void>;

export interface MaskStoreOptions extends ClaimRules {
  /** Told of a damaged file before it is made anew; default: a Node process warning. */
  readonly warn?: (error: DataError) => void;
  /** Milliseconds between two looks at a picture that another process is at; default 500. */
  readonly poll?: number;
  readonly write?: WriteFile;
}

/** A folder of masks that any number of processes read and write; see {@link openMaskStore}. */
export interface MaskStore {
  /** Where the masks of this source and these settings are. */
  readonly folder: string;
  /** The picture's masks: found, or made and kept. Waits while another process makes them. */
  readonly obtain: (picture: StorePicture) => TaskEither<DataError, StoredMasks>;
  /** The same, but comes back at once where another process is at it. */
  readonly tryObtain: (picture: StorePicture) => TaskEither<DataError, StoredMasks | ForeignClaim>;
  /**
   * Removes what processes left that were killed between writing masks and letting go of their claim: harmless, and
   * nobody asks for it again. Never fails.
   */
  readonly tidy: () => Promise<void>;
}

/** The key of a picture: a hash of its bytes, of the file or of the pixels. */
export function pictureKey(...parts: readonly (string | Uint8Array)[]): string {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex').slice(0, 32);
}

/** The `field` of errors that the store itself causes: a folder that cannot be read or written, a full disk. */
export const storeField = 'mask store';

/**
 * Keeps a source's masks in a folder: `<folder>/<source>-<hash of settings>/<2 hex>/<key of the picture>.masks` (format:
 * see `encodeMaskFile`). Nothing is ever listed, so the number of pictures does not matter.
 *
 * - A file is written aside, flushed and renamed: whole or absent, whenever the process is killed.
 * - Every file is checked when it is read (SHA-256). A damaged one is reported through `warn` and made anew.
 * - Processes may share the folder, over a network too: whoever makes a picture's masks claims it first (see
 *   `claimsIn`), others wait or pass on; a claim whose owner died is taken over.
 *
 * Fails as `source` does, and with `unavailable`, field {@link storeField}, when the folder cannot be read or written.
 */
export function openMaskStore(source: MaskSource, folder: string, options: MaskStoreOptions = {}): MaskStore {
  const {
    warn = (error) => process.emitWarning(`mask store: ${formatError(error)}`),
    poll = 500,
    write = writeAside,
  } = options;
  const settings = JSON.stringify(Object.entries(source.settings).sort(([a], [b]) => (a < b ? -1 : 1)));
  const name = source.name.replace(/[^\w.-]/g, '_');
  const home = path.join(folder, `${name}-${pictureKey(source.name, '\n', settings).slice(0, 12)}`);
  const atWork = path.join(home, 'at-work');
  const claims = claimsIn(atWork, options);
  const maskFile = (key: string): string => path.join(home, key.slice(0, 2), `${key}.masks`);
  let isPrepared = false;

  /** The folder for claims and unfinished files; a note for people on what this store holds. */
  const prepare = async (): Promise<void> => {
    if (isPrepared) return;
    await mkdir(atWork, { recursive: true });
    const note = path.join(home, 'store.json');
    if (!existsSync(note)) {
      const about = { source: source.name, settings: source.settings };
      const bytes = new TextEncoder().encode(`${JSON.stringify(about, undefined, 2)}\n`);
      await write(note, path.join(atWork, `store.${randomBytes(6).toString('hex')}.part`), bytes);
    }
    isPrepared = true;
  };

  const tryObtain = async (picture: StorePicture): Promise<Either<DataError, StoredMasks | ForeignClaim>> => {
    const file = maskFile(picture.key);
    const kept = await readMasks(file, picture);
    if (kept.state === 'failed') return left(kept.error);
    if (kept.state === 'found') return right(kept);
    try {
      await prepare();
      const claim = await claims.take(picture.key);
      if (claim.state === 'taken') return right(claim);
      try {
        // Between the first look and the claim another process may have finished.
        const now = await readMasks(file, picture);
        if (now.state === 'failed') return left(now.error);
        if (now.state === 'found') return right(now);
        if (now.state === 'damaged') warn(now.error);
        const asideOf = (generation: number): string =>
          path.join(atWork, `${picture.key}.${generation}.part`);
        for (let g = 0; g < claim.generation; g++) await rm(asideOf(g), { force: true });
        const masks = await makeMasks(source, picture);
        if (isLeft(masks)) return masks;
        const about = { source: source.name, picture: picture.name ?? null };
        const bytes = encodeMaskFile(masks.right, about);
        await write(file, asideOf(claim.generation), bytes).catch(async (error: unknown) => {
          // A process that was halted for long may have been taken for dead: its successor removed what it wrote.
          const other = await readMasks(file, picture);
          if (systemCode(error) !== 'ENOENT' || other.state !== 'found') throw error;
        });
        return right({ state: 'made', masks: masks.right, bytes: bytes.length });
      } finally {
        await claim.release();
      }
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
      isPrepared = false;
      return left(fileError(file, error, 'a folder that can be written, with space left'));
    }
  };

  const tidy = async (): Promise<void> => {
    for (const name of await readdir(atWork).catch(() => [])) {
      const [, key, generation] = /^([0-9a-f]+)\.(\d+)$/.exec(name) ?? [];
      if (key === undefined || !existsSync(maskFile(key))) continue;
      const claim = path.join(atWork, name);
      if (!(await claims.isAbandoned(claim).catch(() => false))) continue;
      await rm(path.join(atWork, `${key}.${generation}.part`), { force: true }).catch(() => undefined);
      await rm(claim, { force: true }).catch(() => undefined);
    }
  };

  return {
    folder: home,
    tidy,
    tryObtain: (picture) => () => tryObtain(picture),
    obtain: (picture) => async () => {
      for (;;) {
        const result = await tryObtain(picture);
        if (isLeft(result)) return result;
        if (result.right.state !== 'taken') return right(result.right);
        await sleep(poll);
      }
    },
  };
}

const makeMasks = async (
  source: MaskSource,
  { image, name, hints }: StorePicture,
): Promise<Either<DataError, SegmentMasks>> => {
  const pixels = await image()();
  return isLeft(pixels) ? pixels : source.segment(pixels.right, name, hints)();
};

type Reading =
  | (StoredMasks & { readonly state: 'found' })
  | { readonly state: 'missing' }
  | { readonly state: 'damaged' | 'failed'; readonly error: DataError };

async function readMasks(file: string, { width, height }: StorePicture): Promise<Reading> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(file));
  } catch (error) {
    return systemCode(error) === 'ENOENT'
      ? { state: 'missing' }
      : { state: 'failed', error: fileError(file, error, 'a readable file') };
  }
  const masks = decodeMaskFile(bytes, file);
  if (isLeft(masks)) return { state: 'damaged', error: masks.left };
  const fits = (width ?? masks.right.width) === masks.right.width;
  if (fits && (height ?? masks.right.height) === masks.right.height)
    return { state: 'found', masks: masks.right, bytes: bytes.length };
  const found = `${masks.right.width} x ${masks.right.height}`;
  return {
    state: 'damaged',
    error: dataError('mismatch', file, 'size', found, `${width ?? 'any'} x ${height ?? 'any'}`),
  };
}

const fileError = (file: string, error: unknown, expected: string): DataError =>
  dataError('unavailable', file, storeField, errorText(error), expected);
