import type { Random } from '@nerfseg/geometry';
import { between } from '../objects/palette.js';
import type { Light } from '../sensors/shade.js';

/** A day's sun and sky: its height, direction and clouds. */
export const daylight = (random: Random): Light => {
  const azimuth = random.next() * 2 * Math.PI;
  const elevation = between(random, 0.5, 1.05);
  const clouds = random.next() ** 1.5 * 0.9;
  const warm = 1 - (elevation - 0.5) / 0.55;
  const sun = 2.5 * (1 - 0.65 * clouds);
  const sky = 0.52 + 0.2 * clouds;
  return {
    sun: [
      Math.cos(azimuth) * Math.cos(elevation),
      Math.sin(azimuth) * Math.cos(elevation),
      Math.sin(elevation),
    ],
    sunColor: [sun, sun * (0.95 - 0.08 * warm), sun * (0.86 - 0.18 * warm)],
    skyColor: [sky * 0.82, sky * 0.95, sky * 1.12],
    bounceColor: [0.24, 0.225, 0.2],
    zenith: [0.2 + 0.3 * clouds, 0.36 + 0.2 * clouds, 0.72 + 0.02 * clouds],
    horizon: [0.66, 0.74, 0.82],
    clouds,
    haze: between(random, 500, 1200),
  };
};
