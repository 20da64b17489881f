import type { Pixels } from '../sources/check-image.js';

/** Gaussian blur of each channel, edges repeated. `sigma` in pixels; 0 copies. Returns [H*W*3]. */
export function blur({ width, height, data }: Pixels, sigma: number): Float32Array {
  const radius = Math.ceil(sigma * 3);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, k) =>
    sigma === 0 ? 1 : Math.exp(-((k - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((total, k) => total + k, 0);
  kernel.forEach((k, i) => {
    kernel[i] = k / sum;
  });
  const along = (source: ArrayLike<number>, size: number, step: number, lines: (i: number) => number) => {
    const result = new Float32Array(width * height * 3);
    const count = (width * height) / size;
    for (let line = 0; line < count; line++) {
      const start = lines(line);
      for (let i = 0; i < size; i++) {
        const to = start + i * step;
        for (let k = -radius; k <= radius; k++) {
          const from = start + Math.min(size - 1, Math.max(0, i + k)) * step;
          const share = kernel[k + radius]!;
          result[to]! += share * source[from]!;
          result[to + 1]! += share * source[from + 1]!;
          result[to + 2]! += share * source[from + 2]!;
        }
      }
    }
    return result;
  };
  const rows = along(data, width, 3, (y) => y * width * 3);
  return along(rows, height, width * 3, (x) => x * 3);
}
