import type { Random } from '@nerfseg/geometry';
import { axle, glass, headlight, plate, taillight, trim } from './car.js';
import { between, carColors, pick, vary } from './palette.js';
import { bar, box, cylinder, type Look, type Part, profile, type Rgb, standing, wheel } from './parts.js';

/** A tractor cab whose front is at x = `front`. */
const cab = (front: number, half: number, height: number, paint: Look): Part[] => [
  profile(
    [
      [front, 0.45],
      [front - 0.02, 1.5],
      [front - 0.22, height],
      [front - 1.9, height],
      [front - 1.9, 0.45],
    ],
    half * 2,
    paint,
  ),
  box([front - 0.11, 0, height * 0.73], [0.1, half * 1.8, height * 0.3], glass, [0, -0.13, 0]),
  ...[-1, 1].flatMap((side) => [
    box([front - 0.8, side * half, height * 0.73], [0.9, 0.04, height * 0.26], glass),
    box([front + 0.02, side * half * 0.75, 0.75], [0.06, 0.35, 0.18], headlight),
    box([front - 0.1, side * (half + 0.2), height * 0.75], [0.12, 0.22, 0.4], trim),
  ]),
  box([front + 0.03, 0, 0.55], [0.1, half * 1.9, 0.28], trim),
  box([front + 0.05, 0, 1.15], [0.03, half * 1.2, 0.4], trim),
];

const boxColors: readonly Rgb[] = [
  [225, 225, 220],
  [200, 206, 212],
  [40, 84, 150],
  [170, 40, 36],
  [214, 170, 50],
  [70, 120, 80],
];

/** A box lorry or a flatbed with sides. */
export const truck = (random: Random): Part[] => {
  const half = between(random, 1.1, 1.25);
  const bodyLength = between(random, 4.2, 6.4);
  const front = (bodyLength + 2.2) / 2;
  const back = -front;
  const height = between(random, 2.5, 2.9);
  const paint: Look = { material: 'carPaint', color: vary(random, pick(random, carColors), 10) };
  const cargo: Look = { material: 'plain', color: vary(random, pick(random, boxColors), 10) };
  const boxHeight = random.next() < 0.7 ? between(random, 2.0, 2.5) : 0.7;
  return [
    ...cab(front, half * 0.96, height, paint),
    box([(back + front - 2) / 2, 0, 0.8], [bodyLength, half * 1.1, 0.25], trim),
    standing([back + bodyLength / 2, 0, 0.95], [bodyLength, half * 2, boxHeight], cargo),
    ...[0.1, 0.5, 0.9].flatMap((part) =>
      [-1, 1].map((side) =>
        standing([back + bodyLength * part, side * half, 0.95], [0.08, 0.05, boxHeight], {
          material: 'metal',
          color: [120, 122, 126],
        }),
      ),
    ),
    ...[-1, 1].map((side) => box([back - 0.02, side * half * 0.8, 0.8], [0.06, 0.3, 0.16], taillight)),
    box([back - 0.02, 0, 0.75], [0.04, 0.5, 0.12], plate),
    ...axle(front - 1.1, half, 0.95, 0.3),
    ...axle(back + 1.3, half, 0.95, 0.35),
    ...(bodyLength > 5.5 ? axle(back + 2.4, half, 0.95, 0.35) : []),
  ];
};

/** A city bus. */
export const bus = (random: Random): Part[] => {
  const length = between(random, 10.5, 12.5);
  const half = 1.27;
  const height = between(random, 2.95, 3.2);
  const front = length / 2;
  const livery: Look = {
    material: 'carPaint',
    color: vary(
      random,
      pick<Rgb>(random, [
        [200, 40, 36],
        [232, 180, 40],
        [40, 110, 180],
        [60, 140, 80],
        [230, 230, 226],
      ]),
      10,
    ),
  };
  const windows = 6;
  const pitch = (length - 2.2) / windows;
  return [
    standing([0, 0, 0.32], [length, half * 2, height - 0.32], livery),
    box([front, 0, height * 0.62], [0.08, half * 1.86, height * 0.42], glass),
    box([-front, 0, height * 0.68], [0.08, half * 1.6, height * 0.28], glass),
    box([front + 0.02, 0, height - 0.2], [0.06, half * 1.3, 0.24], {
      material: 'lamp',
      color: [230, 160, 40],
    }),
    box([0, 0, 0.5], [length * 1.002, half * 2.01, 0.3], { material: 'plain', color: [50, 52, 56] }),
    box([0, 0, height + 0.1], [length * 0.5, half * 1.2, 0.22], {
      material: 'plain',
      color: [205, 206, 208],
    }),
    ...Array.from({ length: windows }, (_, i) => -front + 0.7 + pitch * (i + 0.5)).flatMap((x) =>
      [-1, 1].map((side) => box([x, side * half, height * 0.63], [pitch * 0.88, 0.05, height * 0.34], glass)),
    ),
    ...[front - 0.75, -0.4].map((x) =>
      box([x, -half, height * 0.46], [1.1, 0.07, height * 0.7], { material: 'glass', color: [52, 62, 70] }),
    ),
    ...[-1, 1].flatMap((side) => [
      box([front + 0.01, side * 1.0, 0.75], [0.06, 0.34, 0.18], headlight),
      box([-front - 0.01, side * 1.0, 0.95], [0.06, 0.2, 0.4], taillight),
      box([front + 0.15, side * (half + 0.12), height - 0.6], [0.2, 0.2, 0.42], trim),
    ]),
    box([front + 0.03, 0, 0.55], [0.03, 0.52, 0.12], plate),
    ...axle(front - 2.6, half + 0.04, 0.96, 0.3),
    ...axle(-front + 3.1, half + 0.04, 0.96, 0.34),
  ];
};

/** A trailer standing by itself: box trailer, flatbed or caravan-like. */
export const trailer = (random: Random): Part[] => {
  const length = between(random, 4.6, 8.5);
  const half = between(random, 1.05, 1.25);
  const flat = random.next() < 0.3;
  const height = flat ? 0.35 : between(random, 1.9, 2.4);
  const sides: Look = { material: 'plain', color: vary(random, pick(random, boxColors), 10) };
  const steel: Look = { material: 'metal', color: [90, 92, 96] };
  return [
    box([0, 0, 0.8], [length, half * 1.4, 0.2], trim),
    standing([0, 0, 0.9], [length, half * 2, height], sides),
    ...Array.from({ length: 5 }, (_, i) => -length / 2 + (length * (i + 0.5)) / 5).flatMap((x) =>
      [-1, 1].map((side) => standing([x, side * half, 0.9], [0.07, 0.05, height], steel)),
    ),
    ...[-1, 1].flatMap((side) => [
      bar([length / 2, side * 0.6, 0.75], [length / 2 + 1.2, 0, 0.6], 0.12, steel),
      box([-length / 2, side * half * 0.8, 0.75], [0.05, 0.3, 0.16], taillight),
    ]),
    cylinder([length / 2 + 1.1, 0, 0.32], [0.1, 0.1, 0.64], steel),
    ...axle(-length * 0.22, half, 0.85, 0.28),
    ...axle(-length * 0.22 - 1.0, half, 0.85, 0.28),
  ];
};

const yellow: Look = { material: 'carPaint', color: [226, 160, 26] };
const steel: Look = { material: 'metal', color: [92, 92, 94] };

const beacon = (at: readonly [number, number, number]): Part =>
  cylinder(at, [0.16, 0.16, 0.2], { material: 'lamp', color: [255, 150, 20] });

/** An excavator with its arm out, on tracks. */
const excavator = (random: Random): Part[] => {
  const reach = between(random, 2.6, 3.6);
  const lift = between(random, 2.6, 3.6);
  return [
    ...[-1, 1].flatMap((side) => [
      standing([0, side * 1.0, 0.08], [3.2, 0.5, 0.72], trim),
      wheel([1.5, side * 1.0, 0.45], 0.8, 0.5, trim),
      wheel([-1.5, side * 1.0, 0.45], 0.8, 0.5, trim),
    ]),
    cylinder([0, 0, 0.9], [1.6, 1.6, 0.3], steel),
    standing([-0.6, 0, 1.0], [2.9, 2.4, 1.05], yellow),
    standing([-1.7, 0, 1.1], [0.6, 2.3, 1.1], { material: 'plain', color: [60, 60, 60] }),
    standing([0.7, 0.7, 1.0], [1.3, 1.0, 1.8], yellow),
    box([1.36, 0.7, 2.2], [0.04, 0.85, 1.0], glass),
    box([0.04, 0.7, 2.35], [0.04, 0.8, 0.7], glass),
    box([-2.02, 0, 1.6], [0.05, 1.4, 0.6], trim),
    beacon([0.7, 0.7, 2.9]),
    box([0.7, 1.21, 2.2], [1.0, 0.04, 0.9], glass),
    bar([0.9, -0.2, 1.4], [0.9 + reach, -0.2, 1.4 + lift], 0.42, yellow),
    bar([0.9 + reach, -0.2, 1.4 + lift], [1.6 + reach * 1.4, -0.2, 1.5], 0.34, yellow),
    bar([1.2, -0.2, 1.2], [0.9 + reach * 0.6, -0.2, 1.2 + lift * 0.5], 0.14, steel),
    standing([1.6 + reach * 1.4, -0.2, 0.9], [0.8, 1.0, 0.7], steel),
  ];
};

/** A wheel loader. */
const loader = (random: Random): Part[] => {
  const bucket = between(random, 0.2, 0.9);
  return [
    ...axle(1.4, 1.15, 1.4, 0.5),
    ...axle(-1.4, 1.15, 1.4, 0.5),
    standing([-1.4, 0, 0.8], [2.2, 1.7, 1.2], yellow),
    standing([1.2, 0, 0.7], [1.4, 1.4, 0.8], yellow),
    standing([0, 0, 1.2], [1.4, 1.5, 1.9], yellow),
    box([0.71, 0, 2.4], [0.04, 1.3, 1.0], glass),
    box([-0.71, 0, 2.45], [0.04, 1.2, 0.85], glass),
    box([-2.5, 0, 1.4], [0.06, 1.2, 0.75], trim),
    standing([-2.4, 0, 0.55], [0.5, 1.9, 0.45], { material: 'plain', color: [60, 60, 60] }),
    ...[-1, 1].map((side) => box([-2.52, side * 0.72, 1.75], [0.05, 0.16, 0.14], taillight)),
    ...[-1, 1].flatMap((side) =>
      [1.4, -1.4].map((x) => box([x, side * 1.05, 1.48], [1.5, 0.55, 0.08], yellow)),
    ),
    standing([0, 0, 3.1], [1.5, 1.6, 0.1], { material: 'plain', color: [60, 60, 60] }),
    beacon([0.3, 0.5, 3.28]),
    ...[-1, 1].map((side) => box([0, side * 0.76, 2.4], [1.1, 0.04, 0.9], glass)),
    ...[-1, 1].map((side) => bar([1.0, side * 0.5, 1.5], [2.8, side * 0.5, bucket + 0.4], 0.24, yellow)),
    profile(
      [
        [2.7, bucket],
        [3.7, bucket + 0.05],
        [3.6, bucket + 0.15],
        [2.95, bucket + 0.3],
        [2.85, bucket + 1.0],
        [2.7, bucket + 1.0],
      ],
      2.6,
      steel,
    ),
    cylinder([-1.8, 0.5, 2.3], [0.12, 0.12, 0.7], steel),
  ];
};

/** A machine of a building site. */
export const machine = (random: Random): Part[] => (random.next() < 0.5 ? excavator(random) : loader(random));
