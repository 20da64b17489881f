import type { Random } from '@nerfseg/geometry';
import type { Rgb } from './parts.js';

export const carColors: readonly Rgb[] = [
  [222, 224, 226],
  [190, 193, 197],
  [40, 42, 46],
  [78, 82, 88],
  [150, 24, 28],
  [28, 60, 128],
  [36, 92, 72],
  [196, 150, 60],
  [110, 36, 60],
  [64, 128, 176],
];

export const clothColors: readonly Rgb[] = [
  [28, 32, 52],
  [60, 62, 66],
  [176, 44, 40],
  [220, 214, 200],
  [44, 92, 150],
  [92, 112, 66],
  [206, 160, 60],
  [130, 70, 120],
  [24, 24, 26],
];

export const skinColors: readonly Rgb[] = [
  [232, 190, 160],
  [204, 150, 116],
  [150, 100, 72],
  [96, 62, 46],
];

export const pick = <A>(random: Random, items: readonly A[]): A => items[random.int(items.length)];

export const between = (random: Random, low: number, high: number): number =>
  low + (high - low) * random.next();

/** A colour with its channels shifted together and apart a little. */
export const vary = (random: Random, color: Rgb, amount: number): Rgb => {
  const shift = between(random, -amount, amount);
  const channel = (value: number): number =>
    Math.max(0, Math.min(255, value + shift + between(random, -amount, amount) / 3));
  return [channel(color[0]), channel(color[1]), channel(color[2])];
};
