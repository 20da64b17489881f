import { createRandom } from '@nerfseg/geometry';
import { hash3 } from '../trace/noise.js';
import type { Light } from './shade.js';

/** Draws rain into a linear picture [height*width*3]: streaks that are brighter than what is behind them, as out-of-focus drops are. */
export const addRain = (
  linear: Float32Array,
  width: number,
  height: number,
  rain: number,
  time: number,
  light: Light,
): void => {
  const random = createRandom(`rain ${time}`);
  const slant = 0.12 * (random.next() - 0.5);
  const count = Math.round(rain * width * height * 0.004);
  for (let i = 0; i < count; i++) {
    const nearness = random.next() ** 3;
    const length = Math.round((0.03 + 0.09 * nearness) * height);
    const left = random.next() * width;
    const top = random.next() * (height + length) - length;
    const strength = 0.08 + 0.18 * nearness;
    for (let step = 0; step < length; step++) {
      const x = Math.floor(left + slant * step);
      const y = Math.floor(top + step);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const at = (y * width + x) * 3;
      for (let k = 0; k < 3; k++) linear[at + k] += (1.15 * light.horizon[k] - linear[at + k]) * strength;
    }
  }
};

/** The sensor's noise in a dark picture: the same for the same time. */
export const addNoise = (linear: Float32Array, deviation: number, time: number): void => {
  const salt = Math.round(time * 1e6);
  for (let i = 0; i < linear.length; i++) {
    // Two uniform numbers have a triangle's distribution: near enough.
    const noise = (hash3(i, salt, 1) + hash3(i, salt, 2) - 1) * 2.45;
    linear[i] = Math.max(0, linear[i] + noise * deviation * (0.3 + Math.sqrt(linear[i])));
  }
};
