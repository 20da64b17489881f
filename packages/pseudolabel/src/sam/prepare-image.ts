import type { Pixels } from '../sources/check-image.js';
import { ENCODER_SIZE, type ModelProfile } from './model-profile.js';
import { resample } from './resample.js';

const MEAN = [123.675, 116.28, 103.53] as const;
const DEVIATION = [58.395, 57.12, 57.375] as const;

export interface PreparedImage {
  /** What the encoder is fed. */
  readonly input: Float32Array;
  readonly dims: readonly number[];
  /** Encoder pixels per picture pixel, along x and y (for SAM they differ by rounding). */
  readonly scaleX: number;
  readonly scaleY: number;
  /** The part of the encoder's square that the picture fills. */
  readonly width: number;
  readonly height: number;
}

/**
 * The encoder's input. SAM: longest side 1024, padded with zeros at the bottom and on the right; SAM 2: stretched to
 * 1024 x 1024. Normalised by ImageNet's mean and deviation (0..255), channel by channel, unless the encoder does so.
 */
export function prepareImage(
  { width, height, data }: Pixels,
  profile: Pick<ModelProfile, 'family' | 'input'>,
): PreparedImage {
  const [w, h] = profile.family === 'sam2' ? [ENCODER_SIZE, ENCODER_SIZE] : fitted(width, height);
  const scales = { scaleX: w / width, scaleY: h / height, width: w, height: h };
  const resized = resample(data, width, height, w, h);
  if (profile.input.layout === 'pixels') return { input: resized, dims: [h, w, 3], ...scales };
  const plane = ENCODER_SIZE * ENCODER_SIZE;
  const input = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++) {
    const [mean, factor] = [MEAN[c]!, 1 / DEVIATION[c]!];
    for (let y = 0; y < h; y++)
      for (let x = 0, from = y * w * 3 + c, to = c * plane + y * ENCODER_SIZE; x < w; x++, from += 3)
        input[to + x] = (resized[from]! - mean) * factor;
  }
  return { input, dims: [1, 3, ENCODER_SIZE, ENCODER_SIZE], ...scales };
}

/** The picture's size with its longest side at 1024, rounded as the original does. */
function fitted(width: number, height: number): [width: number, height: number] {
  const scale = ENCODER_SIZE / Math.max(width, height);
  return [Math.max(1, Math.floor(width * scale + 0.5)), Math.max(1, Math.floor(height * scale + 0.5))];
}
