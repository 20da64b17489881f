import type { Random } from '@nerfseg/geometry';
import { between, pick, vary } from './palette.js';
import { bar, box, cone, cylinder, disc, type Look, type Part, type Rgb, standing } from './parts.js';

const steel: Look = { material: 'metal', color: [118, 122, 126] };
const darkSteel: Look = { material: 'metal', color: [58, 62, 64] };
const white: Look = { material: 'reflector', color: [238, 238, 234], semantic: 'traffic-sign' };
const sign = (color: Rgb): Look => ({ material: 'reflector', color, semantic: 'traffic-sign' });

/** A street lamp whose arm reaches along x (turn it towards the road). `head`: where its light comes from. */
export const lamp = (random: Random): { parts: Part[]; head: [number, number, number] } => {
  const height = between(random, 5.5, 8);
  const reach = between(random, 0.8, 1.8);
  const look = random.next() < 0.5 ? steel : darkSteel;
  return {
    head: [reach + 0.25, 0, height + 0.1],
    parts: [
      bar([0, 0, -0.2], [0, 0, 1], 0.2, look),
      bar([0, 0, 1], [0, 0, height], 0.13, look),
      bar([0, 0, height - 0.05], [reach, 0, height + 0.25], 0.09, look),
      box([reach + 0.25, 0, height + 0.25], [0.6, 0.24, 0.12], darkSteel),
      box([reach + 0.25, 0, height + 0.18], [0.5, 0.18, 0.03], { material: 'lamp', color: [255, 214, 160] }),
    ],
  };
};

/** A wooden pole with a crossbar along y. */
export const utilityPole = (random: Random): Part[] => {
  const wood: Look = { material: 'wood', color: vary(random, [104, 84, 64], 10) };
  const height = between(random, 7, 9);
  return [
    bar([0, 0, -0.3], [0, 0, height], 0.26, wood),
    box([0, 0, height - 0.6], [0.12, 2.0, 0.14], wood),
    ...[-0.85, 0, 0.85].map((y) => cylinder([0, y, height - 0.45], [0.1, 0.1, 0.2], darkSteel)),
  ];
};

/** A short post (bollard). */
export const bollard = (): Part[] => [
  bar([0, 0, -0.1], [0, 0, 0.95], 0.13, darkSteel),
  cylinder([0, 0, 0.78], [0.15, 0.15, 0.1], { material: 'reflector', color: [230, 230, 226] }),
];

/** A traffic sign on its pole; it faces +x. */
export const trafficSign = (random: Random): Part[] => {
  const height = between(random, 2.2, 2.9);
  const pole = bar([0, 0, -0.2], [0, 0, height + 0.3], 0.08, steel);
  const back: Look = { material: 'metal', color: [140, 142, 144], semantic: 'traffic-sign' };
  const x = 0.07;
  const kind = random.int(5);
  if (kind === 0) {
    return [
      pole,
      disc([x, 0, height], 0.7, 0.03, back),
      disc([x + 0.02, 0, height], 0.7, 0.02, sign([190, 24, 28])),
      disc([x + 0.035, 0, height], 0.5, 0.02, white),
      box([x + 0.05, 0, height], [0.02, 0.26, 0.16], sign([24, 24, 24])),
    ];
  }
  if (kind === 1) {
    return [
      pole,
      box([x, 0, height], [0.03, 0.66, 0.66], white, [Math.PI / 4, 0, 0]),
      box([x + 0.02, 0, height], [0.02, 0.5, 0.5], sign([236, 190, 30]), [Math.PI / 4, 0, 0]),
    ];
  }
  if (kind === 2) {
    return [
      pole,
      disc([x, 0, height], 0.68, 0.04, sign([24, 72, 164])),
      box([x + 0.03, 0.02, height], [0.02, 0.1, 0.42], white),
      box([x + 0.03, 0.02, height + 0.16], [0.02, 0.3, 0.1], white),
    ];
  }
  if (kind === 3) {
    const board = pick<Rgb>(random, [
      [24, 92, 60],
      [24, 72, 164],
      [232, 196, 40],
    ]);
    return [
      ...[-0.5, 0.5].map((y) => bar([0, y, -0.2], [0, y, height + 0.3], 0.09, steel)),
      box([x, 0, height], [0.04, 1.7, 0.95], white),
      box([x + 0.02, 0, height], [0.03, 1.6, 0.85], sign(board)),
      box([x + 0.04, 0, height + 0.18], [0.02, 1.1, 0.13], white),
      box([x + 0.04, -0.1, height - 0.14], [0.02, 0.9, 0.13], white),
    ];
  }
  return [
    pole,
    disc([x, 0, height], 0.74, 0.04, sign([186, 22, 26])),
    box([x + 0.03, 0, height], [0.02, 0.52, 0.13], white),
  ];
};

/** Above the middle of a traffic light's head, and what colour the lamp there has while it is dark. */
export const signalLamps = {
  red: { above: 0.3, dark: [58, 14, 12] },
  yellow: { above: 0, dark: [56, 46, 12] },
  green: { above: -0.3, dark: [10, 44, 26] },
} as const satisfies Record<string, { above: number; dark: Rgb }>;

/** A traffic light whose mast arm reaches along y (to the left of +x); lights face -x. `heads`: where their middles are. */
export const trafficLight = (random: Random): { parts: Part[]; heads: [number, number, number][] } => {
  const reach = between(random, 2.5, 4.5);
  const heads: [number, number, number][] = [
    [-0.05, reach, 5.3],
    [-0.05, 0.3, 2.7],
  ];
  const semantic = 'traffic-light';
  return {
    heads,
    parts: [
      bar([0, 0, -0.2], [0, 0, 5.6], 0.18, darkSteel),
      bar([0, 0, 5.3], [0, reach, 5.6], 0.11, darkSteel),
      ...heads.flatMap(([x, y, z]) => [
        box([x, y, z], [0.22, 0.34, 0.95], { material: 'plain', color: [28, 30, 30], semantic }),
        ...Object.values(signalLamps).map(({ above, dark }) =>
          disc([x - 0.12, y, z + above], 0.22, 0.02, { material: 'lamp', color: dark, semantic }),
        ),
      ]),
    ],
  };
};

/** A wooden or metal fence along x. */
export const fence = (random: Random, length: number): Part[] => {
  const metal = random.next() < 0.4;
  const look: Look = metal
    ? { material: 'metal', color: vary(random, [66, 76, 72], 14) }
    : {
        material: 'wood',
        color: vary(
          random,
          pick<Rgb>(random, [
            [150, 118, 82],
            [214, 210, 200],
            [110, 84, 60],
          ]),
          12,
        ),
      };
  const height = between(random, 0.95, 1.5);
  const posts = Math.max(2, Math.round(length / 2) + 1);
  const slats = Math.round(length / (metal ? 0.22 : 0.16));
  return [
    ...Array.from({ length: posts }, (_, i) =>
      standing([(i / (posts - 1) - 0.5) * length, 0, -0.1], [0.09, 0.09, height + 0.2], look),
    ),
    box([0, 0, height * 0.3], [length, 0.05, 0.08], look),
    box([0, 0, height * 0.85], [length, 0.05, 0.08], look),
    ...Array.from({ length: slats }, (_, i) =>
      standing(
        [((i + 0.5) / slats - 0.5) * length, 0.03, 0.1],
        [metal ? 0.03 : 0.115, 0.025, height - 0.12],
        look,
      ),
    ),
  ];
};

/** A low garden wall along x. */
export const wall = (random: Random, length: number): Part[] => [
  standing([0, 0, -0.2], [length, 0.24, between(random, 0.8, 1.3) + 0.2], {
    material: 'brick',
    color: vary(random, [150, 92, 74], 14),
  }),
];

/** A steel crash barrier along x. */
export const guardRail = (length: number): Part[] => {
  const posts = Math.max(2, Math.round(length / 2) + 1);
  return [
    ...Array.from({ length: posts }, (_, i) =>
      standing([(i / (posts - 1) - 0.5) * length, 0.07, -0.2], [0.12, 0.08, 0.85], steel),
    ),
    box([0, 0, 0.68], [length, 0.06, 0.13], { material: 'metal', color: [168, 172, 176] }),
    box([0, 0, 0.5], [length, 0.06, 0.13], { material: 'metal', color: [168, 172, 176] }),
    box([0, 0.02, 0.59], [length, 0.04, 0.1], { material: 'metal', color: [126, 130, 134] }),
  ];
};

/** A temporary road barrier along x: a plastic or concrete block, or a striped board on feet. */
export const roadBarrier = (random: Random): Part[] => {
  if (random.next() < 0.5) {
    const color = pick<Rgb>(random, [
      [206, 70, 34],
      [226, 226, 220],
      [176, 172, 164],
    ]);
    const look: Look = { material: color[0] === 176 ? 'concrete' : 'plain', color };
    return [
      standing([0, 0, 0], [1.9, 0.55, 0.22], look),
      standing([0, 0, 0.2], [1.9, 0.34, 0.3], look),
      standing([0, 0, 0.48], [1.9, 0.2, 0.42], look),
    ];
  }
  const red: Look = { material: 'reflector', color: [200, 40, 32] };
  const pale: Look = { material: 'reflector', color: [236, 236, 230] };
  return [
    ...[-0.8, 0.8].flatMap((x) => [
      standing([x, 0, 0], [0.1, 0.7, 0.1], { material: 'plain', color: [40, 40, 42] }),
      standing([x, 0, 0.05], [0.07, 0.07, 1.0], pale),
    ]),
    ...[0.92, 0.5].flatMap((z) =>
      Array.from({ length: 8 }, (_, i) =>
        box([-0.84 + i * 0.24, 0, z], [0.24, 0.05, 0.24], i % 2 ? pale : red),
      ),
    ),
  ];
};

/** A traffic cone. */
export const trafficCone = (random: Random): Part[] => {
  const height = between(random, 0.55, 0.85);
  const orange: Look = { material: 'reflector', color: [226, 84, 24] };
  return [
    standing([0, 0, 0], [height * 0.55, height * 0.55, 0.05], { material: 'rubber', color: [60, 40, 34] }),
    cone([0, 0, height / 2], [height * 0.46, height * 0.46, height], orange),
    cylinder([0, 0, height * 0.55], [height * 0.24, height * 0.24, height * 0.16], {
      material: 'reflector',
      color: [240, 240, 236],
    }),
  ];
};

/** A bench, a bin, a bus shelter, an advertising column: what stands about. */
export const furniture = (random: Random): Part[] => {
  const wood: Look = { material: 'wood', color: [138, 98, 62] };
  const kind = random.int(3);
  if (kind === 0) {
    return [
      ...[-0.7, 0.7].map((x) => standing([x, 0, 0], [0.1, 0.5, 0.44], darkSteel)),
      ...[-0.16, 0, 0.16].map((y) => box([0, y, 0.46], [1.7, 0.13, 0.05], wood)),
      ...[0.62, 0.82].map((z) => box([0, 0.26, z], [1.7, 0.04, 0.13], wood)),
    ];
  }
  if (kind === 1) {
    return [
      standing([0, 0, 0], [0.5, 0.5, 0.95], { material: 'plain', color: vary(random, [50, 84, 60], 20) }),
      standing([0, 0, 0.95], [0.56, 0.56, 0.1], darkSteel),
    ];
  }
  return [
    cylinder([0, 0, 1.4], [1.1, 1.1, 2.8], { material: 'plain', color: vary(random, [196, 188, 172], 14) }),
    cylinder([0, 0, 2.9], [1.3, 1.3, 0.2], darkSteel),
    cylinder([0, 0, 1.5], [1.13, 1.13, 1.4], { material: 'cloth', color: vary(random, [150, 110, 90], 60) }),
  ];
};
