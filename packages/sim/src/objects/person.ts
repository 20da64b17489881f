import type { Random } from '@nerfseg/geometry';
import { between, clothColors, pick, skinColors, vary } from './palette.js';
import { bar, box, cone, cylinder, type Look, type Part, sphere } from './parts.js';

interface Outfit {
  readonly top: Look;
  readonly legs: Look;
  readonly skin: Look;
  readonly hair: Look;
  readonly shoes: Look;
}

const outfit = (random: Random): Outfit => ({
  top: { material: 'cloth', color: vary(random, pick(random, clothColors), 14) },
  legs: { material: 'cloth', color: vary(random, pick(random, clothColors.slice(0, 5)), 10) },
  skin: { material: 'plain', color: vary(random, pick(random, skinColors), 8) },
  hair: { material: 'cloth', color: vary(random, [54, 40, 30], 24) },
  shoes: { material: 'plain', color: [34, 30, 28] },
});

/** Parts by stride: 0 and 1 are the same moment of two steps. */
export type Striding = (stride: number) => Part[];

/** Someone 1.5 to 1.95 m tall, facing x, who swings legs and arms as far as `walker` is asked; `pedestrian` stands. */
export const walker = (random: Random): Striding => {
  const o = outfit(random);
  const h = between(random, 1.5, 1.95) / 1.75;
  const bend = between(random, -0.03, 0.05);
  const shoulder = 0.21 * h;
  const skirt = random.next() < 0.2;
  const coat = !skirt && random.next() < 0.25;
  const hat = random.next() < 0.15;
  const bagColor = random.next() < 0.3 ? pick(random, clothColors) : undefined;
  const hatColor = pick(random, clothColors);
  const leg = (side: number, swing: number): Part[] => {
    // The thigh turns about the hip, the shin lags behind where the leg comes forward.
    const reach = 0.3 * swing * h;
    const lift = Math.max(0, -swing) * 0.1 * h;
    const knee = reach * 0.55 + 0.04 + lift * 0.5;
    return [
      bar([0, side * 0.1 * h, 0.88 * h], [knee, side * 0.1 * h, 0.48 * h], 0.16 * h, o.legs),
      bar([knee, side * 0.1 * h, 0.5 * h], [reach, side * 0.1 * h, 0.08 * h + lift], 0.13 * h, o.legs),
      box([reach + 0.05, side * 0.1 * h, 0.045 + lift], [0.26 * h, 0.1 * h, 0.09], o.shoes),
    ];
  };
  const arm = (side: number, swing: number): Part[] => {
    const reach = 0.24 * swing * h;
    return [
      bar(
        [bend, side * shoulder, 1.4 * h],
        [bend + reach * 0.4, side * (shoulder + 0.05), 1.12 * h],
        0.1 * h,
        o.top,
      ),
      bar(
        [bend + reach * 0.4, side * (shoulder + 0.05), 1.12 * h],
        [bend + reach + 0.05, side * (shoulder + 0.03), 0.88 * h],
        0.085 * h,
        o.top,
      ),
      sphere([bend + reach + 0.06, side * (shoulder + 0.03), 0.84 * h], [0.1, 0.08, 0.12], o.skin),
    ];
  };
  const trunk: Part[] = [
    sphere([0, 0, 0.95 * h], [0.26 * h, 0.36 * h, 0.3 * h], o.legs),
    bar([0, 0, 0.9 * h], [bend, 0, 1.46 * h], 0.34 * h, o.top),
    box([bend, 0, 1.34 * h], [0.2 * h, 0.44 * h, 0.22 * h], o.top),
    bar([bend, 0, 1.42 * h], [bend, 0, 1.58 * h], 0.1 * h, o.skin),
    sphere([bend + 0.02, 0, 1.64 * h], [0.2 * h, 0.16 * h, 0.24 * h], o.skin),
    sphere([bend - 0.02, 0, 1.68 * h], [0.21 * h, 0.18 * h, 0.2 * h], o.hair),
    ...(skirt ? [cone([0, 0, 0.85 * h], [0.62 * h, 0.56 * h, 0.7 * h], o.legs)] : []),
    ...(coat ? [cylinder([0, 0, 0.84 * h], [0.36 * h, 0.44 * h, 0.5 * h], o.top)] : []),
    ...(hat
      ? [
          cylinder([bend, 0, 1.75 * h], [0.36 * h, 0.34 * h, 0.03], { material: 'cloth', color: hatColor }),
          cylinder([bend, 0, 1.81 * h], [0.22 * h, 0.2 * h, 0.12 * h], {
            material: 'cloth',
            color: hatColor,
          }),
        ]
      : []),
    ...(bagColor ? [box([-0.2, 0, 1.2 * h], [0.2, 0.3, 0.42], { material: 'cloth', color: bagColor })] : []),
  ];
  return (stride) => {
    const swing = Math.sin(stride * 2 * Math.PI);
    return [...leg(1, swing), ...leg(-1, -swing), ...trunk, ...arm(1, -swing), ...arm(-1, swing)];
  };
};

/** Someone who stands, or is seen in the midst of a step. */
export const pedestrian = (random: Random): Part[] => walker(random)(between(random, 0, 0.18));

/** Someone sitting on a cycle: hips and hands given, facing x; the feet turn with the crank. */
export const rider = (
  random: Random,
  seat: readonly [number, number],
  hands: readonly [number, number],
  feet: readonly [number, number],
  helmet: boolean,
  crank = 0.1,
): Striding => {
  const o = outfit(random);
  const helmetColor = pick(random, clothColors);
  const [sx, sz] = seat;
  const [hx, hz] = hands;
  const [fx, fz] = feet;
  const chest = [sx + (hx - sx) * 0.42, sz + 0.52] as const;
  return (stride) => [
    bar([sx, 0, sz], [chest[0], 0, chest[1]], 0.32, o.top),
    box([chest[0], 0, chest[1]], [0.2, 0.42, 0.2], o.top),
    ...[-1, 1].flatMap((side) => {
      const foot = fx + side * crank * Math.cos(stride * 2 * Math.PI);
      const height = fz - side * crank * Math.sin(stride * 2 * Math.PI);
      const knee = [(sx + foot) / 2 + 0.28, (sz + height) / 2 + 0.1] as const;
      return [
        bar([chest[0], side * 0.2, chest[1]], [hx, side * 0.26, hz], 0.09, o.top),
        sphere([hx, side * 0.26, hz], [0.1, 0.08, 0.1], o.skin),
        bar([sx, side * 0.1, sz], [knee[0], side * 0.14, knee[1]], 0.16, o.legs),
        bar([knee[0], side * 0.14, knee[1]], [foot, side * 0.13, height], 0.12, o.legs),
        box([foot + 0.05, side * 0.13, height - 0.03], [0.26, 0.09, 0.08], o.shoes),
      ];
    }),
    bar([chest[0], 0, chest[1]], [chest[0] + 0.08, 0, chest[1] + 0.18], 0.1, o.skin),
    sphere([chest[0] + 0.11, 0, chest[1] + 0.26], [0.2, 0.16, 0.23], o.skin),
    sphere(
      [chest[0] + 0.09, 0, chest[1] + 0.31],
      helmet ? [0.3, 0.26, 0.28] : [0.22, 0.18, 0.2],
      helmet ? { material: 'carPaint', color: helmetColor } : o.hair,
    ),
  ];
};
