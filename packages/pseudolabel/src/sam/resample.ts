/**
 * Resizes a picture with a triangle filter as wide as one source or target pixel, whichever is larger: bilinear when
 * it grows, antialiased when it shrinks, as Pillow's BILINEAR does for the original generator.
 *
 * @param source [H*W*3]
 * @returns [height*width*3], 0..255, not rounded.
 */
export function resample(
  source: Uint8Array,
  sourceWidth: number,
  sourceHeight: number,
  width: number,
  height: number,
): Float32Array {
  const columns = filterOf(sourceWidth, width);
  const rows = filterOf(sourceHeight, height);
  const narrow = new Float32Array(sourceHeight * width * 3);
  for (let y = 0; y < sourceHeight; y++) {
    for (let x = 0; x < width; x++) {
      let [r, g, b] = [0, 0, 0];
      for (let k = 0; k < columns.taps; k++) {
        const weight = columns.weights[x * columns.taps + k]!;
        const at = (y * sourceWidth + columns.start[x]! + k) * 3;
        if (weight === 0) continue;
        r += weight * source[at]!;
        g += weight * source[at + 1]!;
        b += weight * source[at + 2]!;
      }
      narrow.set([r, g, b], (y * width + x) * 3);
    }
  }
  const result = new Float32Array(height * width * 3);
  const line = width * 3;
  for (let y = 0; y < height; y++) {
    for (let k = 0; k < rows.taps; k++) {
      const weight = rows.weights[y * rows.taps + k]!;
      if (weight === 0) continue;
      const from = (rows.start[y]! + k) * line;
      for (let i = 0; i < line; i++) result[y * line + i]! += weight * narrow[from + i]!;
    }
  }
  return result;
}

interface Filter {
  readonly taps: number;
  /** [size] first source pixel of each target pixel. */
  readonly start: Int32Array;
  /** [size * taps] they sum to 1 over each target pixel's taps; 0 past the source's end. */
  readonly weights: Float32Array;
}

function filterOf(sourceSize: number, size: number): Filter {
  const scale = sourceSize / size;
  const radius = Math.max(1, scale);
  const taps = Math.ceil(2 * radius) + 1;
  const start = new Int32Array(size);
  const weights = new Float32Array(size * taps);
  for (let i = 0; i < size; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.floor(centre - radius));
    start[i] = first;
    let sum = 0;
    for (let k = 0; k < taps && first + k < sourceSize; k++) {
      const weight = Math.max(0, 1 - Math.abs(first + k + 0.5 - centre) / radius);
      weights[i * taps + k] = weight;
      sum += weight;
    }
    for (let k = 0; k < taps; k++) weights[i * taps + k]! /= sum;
  }
  return { taps, start, weights };
}
