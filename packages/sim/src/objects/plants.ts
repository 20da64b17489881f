import type { Random } from '@nerfseg/geometry';
import { between, pick, vary } from './palette.js';
import { bar, blob, box, cone, type Look, type Part, type Rgb } from './parts.js';

const greens: readonly Rgb[] = [
  [74, 108, 44],
  [92, 120, 52],
  [58, 92, 48],
  [110, 128, 58],
  [128, 118, 50],
];

/** A broad-leaved tree or a conifer; its trunk is a semantic of its own. */
export const tree = (random: Random, height = between(random, 4.5, 9)): Part[] => {
  const leaves: Look = { material: 'foliage', color: vary(random, pick(random, greens), 14) };
  const bark: Look = {
    material: 'bark',
    color: vary(
      random,
      pick<Rgb>(random, [
        [96, 76, 58],
        [120, 108, 94],
        [74, 60, 48],
      ]),
      10,
    ),
    semantic: 'trunk',
  };
  const thickness = between(random, 0.18, 0.36);
  const clear = Math.max(1.7, height * between(random, 0.28, 0.4));
  const lean = between(random, -0.15, 0.15);
  if (random.next() < 0.22) {
    const spread = height * 0.4;
    return [
      bar([0, 0, -0.3], [0, 0, clear], thickness, bark),
      ...[0, 1, 2, 3].map((i) =>
        cone(
          [0, 0, clear * 0.7 + (i + 0.8) * height * 0.19],
          [spread * (1 - i * 0.2), spread * (1 - i * 0.2), height * 0.36],
          leaves,
        ),
      ),
    ];
  }
  const spread = height * between(random, 0.42, 0.6);
  const middle = (clear + height) / 2;
  const branches = 3;
  return [
    bar([0, 0, -0.3], [lean, lean * 0.5, clear + 0.4], thickness, bark),
    bar([lean, lean * 0.5, clear], [lean * 1.5, lean, middle + 0.5], thickness * 0.6, bark),
    ...Array.from({ length: branches }, (_, i) => {
      const a = (i / branches) * 2 * Math.PI + random.next();
      return bar(
        [lean, lean * 0.5, clear * 0.95],
        [lean + Math.cos(a) * spread * 0.32, Math.sin(a) * spread * 0.32, middle],
        thickness * 0.4,
        bark,
      );
    }),
    blob([lean, lean, middle + 0.2], [spread * 0.8, spread * 0.8, height - clear], leaves, [
      0,
      0,
      random.next() * 6,
    ]),
    ...Array.from({ length: 6 }, (_, i) => {
      const a = (i / 6) * 2 * Math.PI + random.next() * 0.6;
      const size = spread * between(random, 0.42, 0.6);
      return blob(
        [
          lean + Math.cos(a) * spread * 0.32,
          lean + Math.sin(a) * spread * 0.32,
          middle + between(random, -0.28, 0.3) * (height - clear),
        ],
        [size, size, size * 0.85],
        leaves,
        [random.next() * 6, 0, random.next() * 6],
      );
    }),
  ];
};

/** A round bush. */
export const bush = (random: Random): Part[] => {
  const leaves: Look = { material: 'foliage', color: vary(random, pick(random, greens), 16) };
  const size = between(random, 0.7, 1.7);
  return Array.from({ length: 3 }, (_, i) =>
    blob(
      [between(random, -0.3, 0.3) * size, between(random, -0.3, 0.3) * size, size * 0.36],
      [size * between(random, 0.7, 1), size * between(random, 0.7, 1), size * 0.85],
      leaves,
      [i, 0, random.next() * 6],
    ),
  );
};

/** A clipped hedge along x, `length` metres long. */
export const hedge = (random: Random, length: number): Part[] => {
  const leaves: Look = { material: 'foliage', color: vary(random, pick(random, greens), 10) };
  const height = between(random, 0.9, 1.6);
  const pieces = Math.max(1, Math.round(length / 2.4));
  return Array.from({ length: pieces }, (_, i) =>
    box(
      [((i + 0.5) / pieces - 0.5) * length, between(random, -0.04, 0.04), height * 0.5],
      [length / pieces + 0.05, 0.8, height + between(random, -0.05, 0.08)],
      leaves,
    ),
  );
};
