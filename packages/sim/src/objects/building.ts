import type { Random } from '@nerfseg/geometry';
import { glass } from './car.js';
import { between, pick, vary } from './palette.js';
import { box, type Look, type Part, profile, type Rgb, standing } from './parts.js';

const walls: readonly { readonly material: 'brick' | 'plaster' | 'concrete'; readonly color: Rgb }[] = [
  { material: 'brick', color: [148, 84, 66] },
  { material: 'brick', color: [120, 92, 76] },
  { material: 'plaster', color: [214, 198, 164] },
  { material: 'plaster', color: [196, 200, 198] },
  { material: 'plaster', color: [206, 168, 130] },
  { material: 'plaster', color: [172, 186, 178] },
  { material: 'concrete', color: [164, 162, 156] },
];

const pane: Look = { material: 'glass', color: [44, 54, 64] };

/** A window in a wall that faces -y at y = `face`: frame, pane and sill. */
const window = (x: number, z: number, width: number, height: number, face: number, frame: Look): Part[] => [
  box([x, face - 0.02, z], [width + 0.16, 0.08, height + 0.16], frame),
  box([x, face - 0.05, z], [width, 0.06, height], pane),
  box([x, face - 0.09, z], [0.05, 0.03, height], frame),
  box([x, face - 0.1, z - height / 2 - 0.1], [width + 0.3, 0.2, 0.07], frame),
];

const door = (x: number, face: number, look: Look): Part[] => [
  standing([x, face - 0.03, 0.1], [1.3, 0.1, 2.25], { material: 'plaster', color: [226, 222, 212] }),
  standing([x, face - 0.07, 0.1], [1.05, 0.08, 2.1], look),
  box([x, face - 0.12, 1.7], [0.6, 0.03, 0.5], pane),
  standing([x, face - 0.4, -0.1], [1.5, 0.8, 0.22], { material: 'concrete', color: [160, 158, 152] }),
];

/**
 * A town building along x; its street front faces -y and stands at y = -depth / 2. Shops on the ground floor, rows of windows above.
 */
export const block = (random: Random, length: number, depth: number): Part[] => {
  const floors = 2 + random.int(5);
  const storey = between(random, 2.9, 3.4);
  const height = floors * storey + 0.9;
  const wall = pick(random, walls);
  const look: Look = { material: wall.material, color: vary(random, wall.color, 12) };
  const frame: Look = {
    material: 'plaster',
    color: vary(
      random,
      pick<Rgb>(random, [
        [228, 226, 220],
        [70, 66, 60],
        [180, 172, 158],
      ]),
      8,
    ),
  };
  const accent: Look = {
    material: 'plain',
    color: vary(
      random,
      pick<Rgb>(random, [
        [60, 92, 70],
        [140, 40, 38],
        [40, 60, 100],
        [70, 62, 54],
      ]),
      14,
    ),
  };
  const face = -depth / 2;
  const pitch = between(random, 2.4, 3.3);
  const columns = Math.max(1, Math.floor((length - 0.8) / pitch));
  const xs = Array.from({ length: columns }, (_, i) => (i - (columns - 1) / 2) * pitch);
  const shops = random.next() < 0.6;
  const parts: Part[] = [
    standing([0, 0, -1], [length, depth, height + 1], look),
    standing([0, 0, height], [length + 0.3, depth + 0.3, 0.28], frame),
    box([0, face - 0.06, storey + 0.3], [length, 0.16, 0.2], frame),
    standing([0, face - 0.04, -0.6], [length, 0.1, 1.05], { material: 'concrete', color: [122, 120, 116] }),
  ];
  const doorAt = random.int(columns);
  xs.forEach((x, i) => {
    if (i === doorAt) parts.push(...door(x, face, accent));
    else if (shops) {
      parts.push(
        box([x, face - 0.04, 1.55], [pitch * 0.86, 0.1, 2.1], accent),
        box([x, face - 0.09, 1.5], [pitch * 0.76, 0.06, 1.8], glass),
      );
    } else parts.push(...window(x, 1.75, 1.05, 1.4, face, frame));
    for (let floor = 1; floor < floors; floor++) {
      parts.push(...window(x, floor * storey + 1.75, 1.05, 1.5, face, frame));
    }
  });
  if (shops && random.next() < 0.6) {
    parts.push(box([0, face - 0.55, 2.95], [length * 0.7, 1.1, 0.08], accent, [0.25, 0, 0]));
  }
  for (const end of [-1, 1]) {
    for (let floor = 1; floor < floors; floor += 1) {
      parts.push(box([(end * length) / 2, face + 2.2, floor * storey + 1.7], [0.1, 1.0, 1.4], pane));
    }
  }
  if (random.next() < 0.5) {
    parts.push(standing([between(random, -0.3, 0.3) * length, 1, height], [1.4, 1.2, 1.6], look));
  }
  return parts;
};

/** A detached house with a pitched roof along x; its front faces -y and stands at y = -depth / 2. */
export const house = (random: Random, length: number, depth: number): Part[] => {
  const floors = 1 + random.int(2);
  const height = floors * 2.7 + 0.4;
  const wall = pick(random, walls.slice(0, 6));
  const look: Look = { material: wall.material, color: vary(random, wall.color, 16) };
  const frame: Look = { material: 'plaster', color: [230, 228, 222] };
  const roof: Look = {
    material: 'roofTiles',
    color: vary(
      random,
      pick<Rgb>(random, [
        [146, 74, 54],
        [92, 84, 82],
        [112, 62, 50],
      ]),
      12,
    ),
  };
  const accent: Look = {
    material: 'wood',
    color: vary(
      random,
      pick<Rgb>(random, [
        [96, 62, 40],
        [44, 70, 90],
        [130, 36, 34],
      ]),
      14,
    ),
  };
  const rise = between(random, 1.8, 2.8);
  const face = -depth / 2;
  const half = depth / 2 + 0.45;
  const gable = profile(
    [
      [-depth / 2, height],
      [depth / 2, height],
      [0, height + rise],
    ],
    length,
    look,
  );
  const slope = Math.atan2(rise, depth / 2);
  const slant = Math.hypot(half, (half * rise) / (depth / 2));
  const turned = { ...gable, matrix: gable.matrix.clone().makeRotationZ(Math.PI / 2) };
  const parts: Part[] = [
    standing([0, 0, -1], [length, depth, height + 1], look),
    turned,
    ...[-1, 1].map((side) =>
      box(
        [0, (side * half) / 2, height + rise - ((half / 2) * rise) / (depth / 2) + 0.08],
        [length + 0.8, slant, 0.14],
        roof,
        [-side * slope, 0, 0],
      ),
    ),
    standing([length * 0.28, depth * 0.12, height + rise * 0.4], [0.7, 0.6, rise * 0.9], {
      material: 'brick',
      color: [128, 76, 60],
    }),
  ];
  const columns = Math.max(2, Math.floor(length / 2.8));
  const doorAt = random.int(columns);
  for (let i = 0; i < columns; i++) {
    const x = ((i + 0.5) / columns - 0.5) * length;
    if (i === doorAt) parts.push(...door(x, face, accent));
    else parts.push(...window(x, 1.6, 1.25, 1.25, face, frame));
    if (floors > 1) parts.push(...window(x, 4.2, 1.1, 1.2, face, frame));
  }
  for (const end of [-1, 1]) {
    parts.push(
      box([(end * length) / 2, 0, 1.6], [0.12, 1.3, 1.3], frame),
      box([(end * length) / 2, 0, 1.6], [0.16, 1.1, 1.1], pane),
    );
  }
  return parts;
};
