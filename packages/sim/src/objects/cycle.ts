import type { Random } from '@nerfseg/geometry';
import { headlight, rim, taillight, trim, tyre } from './car.js';
import { between, carColors, pick, vary } from './palette.js';
import { bar, box, cylinder, type Look, type Part, ring, sphere, wheel } from './parts.js';
import { rider, type Striding } from './person.js';

/** A bicycle standing upright, facing x. */
export const bicycle = (random: Random): Part[] => {
  const paint: Look = { material: 'carPaint', color: vary(random, pick(random, carColors), 20) };
  const wheelDiameter = between(random, 0.62, 0.7);
  const r = wheelDiameter / 2;
  const front = 0.53;
  const back = -0.5;
  const saddle = [-0.2, 0.9] as const;
  const head = [0.36, 0.86] as const;
  const crank = [0, 0.3] as const;
  const spokes = (x: number): Part[] =>
    [0, 1, 2].map((i) => {
      const a = (i * Math.PI) / 3 + 0.3;
      return bar(
        [x - r * 0.9 * Math.cos(a), 0, r - r * 0.9 * Math.sin(a)],
        [x + r * 0.9 * Math.cos(a), 0, r + r * 0.9 * Math.sin(a)],
        0.016,
        rim,
      );
    });
  const tube = (a: readonly [number, number], b: readonly [number, number]): Part =>
    bar([a[0], 0, a[1]], [b[0], 0, b[1]], 0.05, paint);
  return [
    ring([front, 0, r], wheelDiameter, 0.06, tyre),
    ring([back, 0, r], wheelDiameter, 0.06, tyre),
    ...spokes(front),
    ...spokes(back),
    tube(crank, saddle),
    tube(crank, head),
    tube([saddle[0] + 0.03, saddle[1] - 0.12], head),
    tube([back, r], crank),
    tube([back, r], [saddle[0] + 0.04, saddle[1] - 0.15]),
    tube([front, r], [head[0] - 0.03, head[1] + 0.12]),
    box([saddle[0], 0, saddle[1] + 0.04], [0.26, 0.15, 0.07], trim),
    bar([head[0] - 0.02, -0.3, head[1] + 0.16], [head[0] - 0.02, 0.3, head[1] + 0.16], 0.04, trim),
    bar([head[0] - 0.03, 0, head[1] + 0.08], [head[0] - 0.02, 0, head[1] + 0.16], 0.05, trim),
    wheel([0, 0.04, 0.3], 0.2, 0.02, rim),
    box([0.02, -0.12, 0.2], [0.1, 0.08, 0.03], trim),
    box([-0.02, 0.12, 0.4], [0.1, 0.08, 0.03], trim),
    box([back - 0.25, 0, 0.6], [0.04, 0.06, 0.06], taillight),
  ];
};

/** A bicycle with someone on it, who pedals. */
export const bicyclist = (random: Random): Striding => {
  const machine = bicycle(random);
  const person = rider(random, [-0.2, 0.98], [0.34, 1.04], [0.02, 0.32], random.next() < 0.5, 0.16);
  return (stride) => [...machine, ...person(stride)];
};

/** A motorcycle or a scooter, facing x. */
export const motorcycle = (random: Random): Part[] => {
  const paint: Look = { material: 'carPaint', color: vary(random, pick(random, carColors), 20) };
  const scooter = random.next() < 0.45;
  const diameter = scooter ? 0.46 : 0.63;
  const front = scooter ? 0.62 : 0.74;
  const back = scooter ? -0.6 : -0.7;
  const r = diameter / 2;
  const common: Part[] = [
    ...[front, back].flatMap((x) => [
      wheel([x, 0, r], diameter, 0.14, tyre),
      wheel([x, 0, r], diameter * 0.6, 0.16, rim),
    ]),
    ...[-1, 1].map((side) => bar([front, side * 0.09, r], [front - 0.26, side * 0.09, 0.95], 0.06, rim)),
    bar([front - 0.28, -0.36, 1.04], [front - 0.28, 0.36, 1.04], 0.05, trim),
    ...[-1, 1].map((side) => box([front - 0.24, side * 0.34, 1.2], [0.04, 0.14, 0.1], trim)),
    box([front - 0.14, 0, 0.88], [0.16, 0.2, 0.2], headlight),
    box([back - 0.2, 0, 0.68], [0.08, 0.16, 0.1], taillight),
    box([back - 0.24, 0, 0.5], [0.03, 0.18, 0.16], { material: 'reflector', color: [226, 226, 220] }),
  ];
  if (scooter) {
    return [
      ...common,
      box([front - 0.3, 0, 0.62], [0.14, 0.42, 0.72], paint, [0, -0.3, 0]),
      box([0, 0, 0.3], [0.7, 0.36, 0.12], trim),
      box([back + 0.28, 0, 0.52], [0.8, 0.36, 0.42], paint),
      box([back + 0.3, 0, 0.79], [0.75, 0.3, 0.12], trim),
    ];
  }
  return [
    ...common,
    sphere([0.16, 0, 0.82], [0.62, 0.38, 0.34], paint),
    box([-0.35, 0, 0.79], [0.7, 0.28, 0.12], trim),
    box([back - 0.02, 0, 0.76], [0.4, 0.22, 0.16], paint),
    box([0.05, 0, 0.46], [0.55, 0.36, 0.4], rim),
    cylinder([-0.35, -0.2, 0.34], [0.12, 0.12, 0.8], rim, [0, Math.PI / 2, 0]),
    bar([back, 0, r], [0, 0, 0.4], 0.12, trim),
  ];
};

/** A motorcycle with someone on it. */
export const motorcyclist = (random: Random): Part[] => [
  ...motorcycle(random),
  ...rider(random, [-0.32, 0.92], [0.44, 1.06], [0, 0.34], true, 0)(0),
];
