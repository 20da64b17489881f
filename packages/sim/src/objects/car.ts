import type { Random } from '@nerfseg/geometry';
import { between, carColors, pick, vary } from './palette.js';
import { box, type Look, type Part, profile, wheel } from './parts.js';

export const glass: Look = { material: 'glass', color: [34, 42, 50] };
export const tyre: Look = { material: 'rubber', color: [26, 26, 27] };
export const rim: Look = { material: 'metal', color: [150, 152, 156] };
export const trim: Look = { material: 'plain', color: [34, 35, 37] };
export const headlight: Look = { material: 'lamp', color: [235, 235, 225] };
export const taillight: Look = { material: 'rearLamp', color: [170, 20, 18] };
export const plate: Look = { material: 'reflector', color: [230, 230, 222] };

/** Two wheels of an axle, with rims. */
export const axle = (x: number, halfTrack: number, diameter: number, width = 0.22): Part[] =>
  [-1, 1].flatMap((side) => [
    wheel([x, side * (halfTrack - width / 2), diameter / 2], diameter, width, tyre),
    wheel([x, side * halfTrack, diameter / 2], diameter * 0.6, 0.03, rim),
  ]);

interface CarShape {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  /** Height of the window sill. */
  readonly belt: number;
  /** x of windscreen foot, roof front, roof back, rear window foot, as parts of the length from the front. */
  readonly cabin: readonly [number, number, number, number];
  readonly bonnet: number;
}

const shapes: readonly CarShape[] = [
  { length: 4.5, width: 1.8, height: 1.46, belt: 0.93, cabin: [0.26, 0.42, 0.74, 0.88], bonnet: 0.82 },
  { length: 4.1, width: 1.74, height: 1.5, belt: 0.95, cabin: [0.22, 0.38, 0.86, 0.98], bonnet: 0.86 },
  { length: 4.7, width: 1.86, height: 1.72, belt: 1.1, cabin: [0.24, 0.38, 0.9, 0.98], bonnet: 1.02 },
  { length: 4.9, width: 1.9, height: 1.92, belt: 1.12, cabin: [0.12, 0.24, 0.97, 0.99], bonnet: 1.0 },
];

/** A car: hatchback, saloon, off-roader or van. */
export const car = (random: Random): Part[] => {
  const shape = pick(random, shapes);
  const scale = between(random, 0.95, 1.06);
  const length = shape.length * scale;
  const half = (shape.width * scale) / 2;
  const { belt, height, bonnet } = shape;
  const paint: Look = { material: 'carPaint', color: vary(random, pick(random, carColors), 12) };
  const at = (part: number): number => length / 2 - part * length;
  const [screen, roofFront, roofBack, rear] = shape.cabin;
  const axleFront = at(0.19);
  const axleBack = at(0.81);
  const diameter = 0.64 + (height - 1.46) * 0.2;
  const arch = diameter / 2 + 0.05;
  const body: [number, number][] = [
    [at(0), 0.3],
    [at(0.003), 0.62],
    [at(0.03), bonnet - 0.1],
    [at(screen), belt],
    [at(rear), belt + 0.02],
    [at(0.985), belt - 0.04],
    [at(1), 0.6],
    [at(1), 0.3],
    [axleBack - arch, 0.24],
    [axleBack - arch * 0.7, diameter * 0.85],
    [axleBack + arch * 0.7, diameter * 0.85],
    [axleBack + arch, 0.22],
    [axleFront - arch, 0.22],
    [axleFront - arch * 0.7, diameter * 0.85],
    [axleFront + arch * 0.7, diameter * 0.85],
    [axleFront + arch, 0.24],
  ];
  const house: [number, number][] = [
    [at(screen), belt - 0.02],
    [at(roofFront), height - 0.05],
    [at(roofBack), height - 0.05],
    [at(rear), belt - 0.02],
  ];
  const roof = (roofFront + roofBack) / 2;
  const pillarAt = roofFront * 0.45 + roofBack * 0.55;
  const pillar = (foot: number, top: number, side: number): Part => {
    const dx = at(top) - at(foot);
    const dz = height - belt - 0.05;
    return box(
      [(at(foot) + at(top)) / 2, side * (half * 0.9), belt + dz / 2],
      [0.09, 0.05, Math.hypot(dx, dz)],
      paint,
      [0, Math.atan2(dx, dz), 0],
    );
  };
  return [
    profile(body, half * 2, paint),
    profile(house, half * 1.78, glass),
    box([at(roof), 0, height - 0.03], [(roofBack - roofFront) * length, half * 1.76, 0.07], paint),
    ...[-1, 1].flatMap((side) => [
      pillar(screen, roofFront, side),
      pillar(pillarAt, pillarAt, side),
      pillar(rear, roofBack, side),
      box([at(0.01), side * half * 0.72, 0.66], [0.1, half * 0.42, 0.14], headlight),
      box([at(0.995), side * half * 0.78, 0.8], [0.08, half * 0.32, 0.16], taillight),
      box([at(screen + 0.05), side * (half + 0.08), belt + 0.06], [0.12, 0.16, 0.12], trim),
      box([at(0.5), side * half, 0.3], [length * 0.4, 0.03, 0.1], trim),
      box([at(pillarAt + 0.1), side * (half + 0.01), belt - 0.12], [0.16, 0.03, 0.03], trim),
    ]),
    box([at(0), 0, 0.42], [0.06, half * 1.9, 0.2], trim),
    box([at(1), 0, 0.42], [0.06, half * 1.9, 0.2], trim),
    box([at(0) + 0.03, 0, 0.42], [0.03, 0.5, 0.12], plate),
    box([at(1) - 0.04, 0, 0.58], [0.03, 0.5, 0.12], plate),
    ...axle(axleFront, half + 0.02, diameter),
    ...axle(axleBack, half + 0.02, diameter),
  ];
};
