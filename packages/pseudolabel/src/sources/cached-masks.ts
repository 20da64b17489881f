import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type DataError, dataError, formatError, type SegmentMasks } from '@nerfseg/geometry';
import { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js';
import { checkImage, type Pixels } from './check-image.js';
import { errorCode, errorText } from './error-text.js';
import { decodeMaskFile, encodeMaskFile } from './mask-file.js';
import type { MaskSource } from './types.js';
import { writeAtomically } from './write-atomically.js';

export interface CacheOptions {
  /** Told of a damaged file before it is made anew; default: a Node process warning. */
  readonly warn?: (error: DataError) => void;
}

/**
 * Keeps a source's masks in a folder, one file per picture: `<folder>/<source>-<hash of its settings>/<hash of the
 * picture>.masks` (format: see `encodeMaskFile`). The name is the picture's content, so a changed picture or changed
 * settings miss, and the same picture under another key hits. Each picture is written, whole or not at all, as soon as
 * it is done: an interrupted run goes on where it stopped, and runs may share a folder.
 *
 * A damaged file is reported through `warn`, made anew and overwritten. Fails as `source` does, and with `unavailable`
 * when the folder cannot be read or written.
 */
export function cachedMasks(source: MaskSource, folder: string, options: CacheOptions = {}): MaskSource {
  const warn = options.warn ?? ((error) => process.emitWarning(`mask cache: ${formatError(error)}`));
  const settings = JSON.stringify(Object.entries(source.settings).sort(([a], [b]) => (a < b ? -1 : 1)));
  const name = source.name.replace(/[^\w.-]/g, '_');
  const home = path.join(folder, `${name}-${hash([source.name, '\n', settings]).slice(0, 12)}`);
  return {
    ...source,
    segment: (image, key, hints) => async () => {
      const pixels = checkImage(image, key);
      if (isLeft(pixels)) return pixels;
      const file = path.join(
        home,
        `${hashOfPicture(pixels.right, source.hintKey?.(hints)).slice(0, 32)}.masks`,
      );
      const cached = await read(file, pixels.right);
      if (cached !== undefined && isRight(cached)) return cached;
      if (cached !== undefined && cached.left.code === 'unavailable') return cached;
      if (cached !== undefined) warn(cached.left);
      const made = await source.segment(image, key, hints)();
      if (isLeft(made)) return made;
      try {
        const about = { source: source.name, settings: source.settings, key: key ?? null };
        await writeAtomically(file, encodeMaskFile(made.right, about));
        return made;
      } catch (error) {
        return left(fileError(file, error, 'a writable folder'));
      }
    },
  };
}

/** The cached masks; undefined when there are none yet. */
async function read(file: string, pixels: Pixels): Promise<Either<DataError, SegmentMasks> | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readFile(file));
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? undefined : left(fileError(file, error, 'a readable file'));
  }
  const masks = decodeMaskFile(bytes, file);
  if (isLeft(masks)) return masks;
  const { width, height } = masks.right;
  if (width === pixels.width && height === pixels.height) return right(masks.right);
  return left(
    dataError('mismatch', file, 'size', `${width} x ${height}`, `${pixels.width} x ${pixels.height}`),
  );
}

const fileError = (file: string, error: unknown, expected: string): DataError =>
  dataError('unavailable', file, 'mask cache', errorText(error), expected);

const hash = (parts: readonly (string | Uint8Array)[]): string => {
  const sum = createHash('sha256');
  for (const part of parts) sum.update(part);
  return sum.digest('hex');
};

const hashOfPicture = ({ width, height, data }: Pixels, hints = ''): string =>
  hash([`${width} ${height}\n`, data, hints]);
