import type { Pixels } from '../sources/check-image.js';
import { resample } from './resample.js';

/** Side of the encoder's input, pixels. */
export const ENCODER_SIZE = 1024;
const MEAN = [123.675, 116.28, 103.53] as const;
const DEVIATION = [58.395, 57.12, 57.375] as const;

export interface PreparedImage {
  /** [3*1024*1024] normalised, channel by channel, padded with zeros at the bottom and on the right. */
  readonly input: Float32Array;
  /** Encoder pixels per picture pixel, along x and y (they differ by rounding). */
  readonly scaleX: number;
  readonly scaleY: number;
  /** The part of the encoder's input that the picture fills. */
  readonly width: number;
  readonly height: number;
}

/** The encoder's input: longest side 1024, normalised by ImageNet's mean and deviation (0..255), zero-padded. */
export function prepareImage({ width, height, data }: Pixels): PreparedImage {
  const scale = ENCODER_SIZE / Math.max(width, height);
  const w = Math.max(1, Math.floor(width * scale + 0.5));
  const h = Math.max(1, Math.floor(height * scale + 0.5));
  const resized = resample(data, width, height, w, h);
  const plane = ENCODER_SIZE * ENCODER_SIZE;
  const input = new Float32Array(3 * plane);
  for (let c = 0; c < 3; c++)
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        input[c * plane + y * ENCODER_SIZE + x] = (resized[(y * w + x) * 3 + c]! - MEAN[c]!) / DEVIATION[c]!;
  return { input, scaleX: w / width, scaleY: h / height, width: w, height: h };
}
