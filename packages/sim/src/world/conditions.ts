import type { Random } from '@nerfseg/geometry';
import { between } from '../objects/palette.js';
import type { Light } from '../sensors/shade.js';

/** Weather and time of day. */
export const conditions = ['clear', 'overcast', 'rain', 'fog', 'dusk', 'night'] as const;
export type Condition = (typeof conditions)[number];

/** How often each comes where several are asked for; of nuScenes' scenes, 19 % are in rain and 12 % at night. */
const weight: Readonly<Record<Condition, number>> = {
  clear: 0.32,
  overcast: 0.22,
  rain: 0.17,
  fog: 0.07,
  dusk: 0.1,
  night: 0.12,
};

/** Draws one of the conditions that are asked for. */
export const drawCondition = (asked: readonly Condition[], random: Random): Condition => {
  const total = asked.reduce((sum, name) => sum + weight[name], 0);
  let left = random.next() * total;
  return asked.find((name) => (left -= weight[name]) < 0) ?? asked[asked.length - 1];
};

/** What hangs in the air and lies on the ground. */
export interface Air {
  /** Metres at which a dark object keeps 5 % of its contrast (the meteorological visibility). */
  readonly visibility: number;
  /** What a LiDAR pulse loses, per metre and way. */
  readonly extinction: number;
  /** Probability that a pulse comes back from drops, where nothing is in its way; */
  readonly falseReturns: number;
  /** and the mean distance at which it does, metres. */
  readonly falseRange: number;
  /** 0 dry .. 1 wet ground. */
  readonly wetness: number;
  /** 0 none .. 1 a downpour: streaks in pictures. */
  readonly rain: number;
}

const dry = (visibility: number): Air => ({
  visibility,
  extinction: 0,
  falseReturns: 0,
  falseRange: 1,
  wetness: 0,
  rain: 0,
});

/** The air of a scene. Fog takes as much from a pulse as from sight (Koschmieder: 3 / visibility); rain little. */
export const airOf = (condition: Condition, random: Random): Air => {
  if (condition === 'fog') {
    const visibility = between(random, 70, 190);
    const extinction = 3 / visibility;
    return { ...dry(visibility), extinction, falseReturns: 3 * extinction, falseRange: 3.5, wetness: 0.3 };
  }
  if (condition === 'rain') {
    // Millimetres per hour.
    const rate = between(random, 4, 30);
    return {
      visibility: between(random, 500, 1500) / (1 + rate / 15),
      extinction: 2.2e-4 * rate ** 0.6,
      falseReturns: 0.0012 * rate,
      falseRange: 7,
      wetness: between(random, 0.6, 1),
      rain: rate / 30,
    };
  }
  return dry(between(random, 2200, 5200));
};

/** The sun, the sky and the lamps of a scene. */
export const lightOf = (condition: Condition, air: Air, random: Random): Light => {
  const azimuth = random.next() * 2 * Math.PI;
  const low = condition === 'dusk';
  const night = condition === 'night';
  const covered = condition === 'overcast' || condition === 'rain' || condition === 'fog';
  const elevation = low ? between(random, 0.05, 0.2) : between(random, 0.3, 1.1);
  const clouds = covered ? between(random, 0.85, 1) : random.next() ** 1.5 * 0.6;
  // 0 high and white .. 1 on the horizon and red.
  const warm = low ? 1 : Math.max(0, 0.5 - elevation) * 1.2;
  const sun = night ? 0 : covered ? 0.12 * (1.05 - clouds) : 2.5 * (1 - 0.5 * clouds) * (low ? 0.5 : 1);
  const day = night ? 0.07 : low ? 0.42 : covered ? between(random, 0.75, 1.15) : 1;
  const sky = (0.52 + 0.2 * clouds) * day;
  const grey = covered ? 1 : 0;
  const shade = (clear: number, cloudy: number): number => (clear + (cloudy - clear) * grey) * day;
  const redden = low ? 1 : 0;
  return {
    sun: [
      Math.cos(azimuth) * Math.cos(elevation),
      Math.sin(azimuth) * Math.cos(elevation),
      Math.sin(elevation),
    ],
    sunColor: [sun, sun * (0.95 - 0.35 * warm), sun * (0.86 - 0.6 * warm)],
    skyColor: [sky * (0.82 + 0.14 * grey), sky * 0.95, sky * (1.12 - 0.1 * grey)],
    bounceColor: [0.24 * day, 0.225 * day, 0.2 * day],
    zenith: [
      shade(0.2 + 0.3 * clouds, 0.6),
      shade(0.36 + 0.2 * clouds, 0.64),
      shade(0.72 + 0.02 * clouds, 0.68),
    ],
    horizon: [
      shade(0.66, 0.72) * (1 + 1.3 * redden),
      shade(0.74, 0.75) * (1 + 0.35 * redden),
      shade(0.82, 0.77) * (1 - 0.25 * redden),
    ],
    cloudColor: [0.92 * day * (1 + 0.5 * redden), 0.92 * day, 0.92 * day],
    clouds,
    // Half of the contrast is gone at a quarter of the way to 5 %.
    haze: air.visibility / 4.32,
    lamps: night ? 1 : low ? 0.35 : covered ? 0.12 : 0,
    wetness: air.wetness,
    noise: night ? 0.012 : low ? 0.004 : 0,
  };
};
