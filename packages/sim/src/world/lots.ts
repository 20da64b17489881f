import { block, house } from '../objects/building.js';
import { car } from '../objects/car.js';
import { between } from '../objects/palette.js';
import { pedestrian } from '../objects/person.js';
import { bush, hedge, tree } from '../objects/plants.js';
import { fence, furniture, guardRail, wall } from '../objects/street-furniture.js';
import { flat, type GroundLook, groundLooks, strip } from './ground.js';
import { claim, type Layout, put } from './layout.js';

/** How far from the middle of the street the lots reach. */
export const lotDepth = 40;

interface Lot {
  readonly side: number;
  readonly begin: number;
  readonly end: number;
}

/** Divides both sides of the street into lots and fills them as the kind of place asks. */
export const fillLots = (layout: Layout): void => {
  const { road, crossing, kind, random } = layout;
  for (const side of [-1, 1]) {
    let s = road.begin;
    while (s < road.end - 1) {
      const length =
        kind === 'downtown'
          ? between(random, 13, 24)
          : kind === 'suburb'
            ? between(random, 15, 21)
            : between(random, 22, 36);
      let end = Math.min(road.end, s + length);
      if (road.end - end < 6) end = road.end;
      const low = crossing ? crossing.s - crossing.edges.total : Number.POSITIVE_INFINITY;
      const high = crossing ? crossing.s + crossing.edges.total : Number.POSITIVE_INFINITY;
      if (s < low && end > low) end = low;
      if (s >= low && s < high) {
        s = high;
        continue;
      }
      if (end - s > 5) fillers[kind](layout, { side, begin: s, end });
      else lawn(layout, { side, begin: s, end }, groundLooks.grass);
      s = end;
    }
  }
};

const lawn = (layout: Layout, lot: Lot, look: GroundLook, rough = 0): void => {
  const z = layout.profile.kerb;
  const near = layout.edges.total;
  const bands = rough > 0 ? [near, near + 4, near + 9, near + 15, near + 22, lotDepth] : [near, lotDepth];
  for (let i = 0; i + 1 < bands.length; i++) {
    strip(layout, layout.road, lot.side, lot.begin, lot.end, {
      ...flat(bands[i], bands[i + 1], z, look),
      ...(i > 0 ? { rough } : {}),
    });
  }
};

/** Puts something into a lot at (s, distance from the middle); `yaw` 0 faces the street with its -y front. */
const at = (layout: Layout, lot: Lot, s: number, distance: number, yaw = 0, z = layout.profile.kerb) => ({
  s,
  d: distance * lot.side,
  z,
  yaw: (lot.side > 0 ? 0 : Math.PI) + yaw,
});

const scatterTrees = (layout: Layout, lot: Lot, count: number, from: number, to: number): void => {
  const { random } = layout;
  for (let i = 0; i < count; i++) {
    const s = between(random, lot.begin + 1.5, lot.end - 1.5);
    const d = between(random, from, to);
    if (!claim(layout, s, d * lot.side, 1.8)) continue;
    if (random.next() < 0.65)
      put(layout, tree(random), 'vegetation', at(layout, lot, s, d, random.next() * 6));
    else put(layout, bush(random), 'vegetation', at(layout, lot, s, d, random.next() * 6));
  }
};

const downtown = (layout: Layout, lot: Lot): void => {
  const { random, edges } = layout;
  const length = lot.end - lot.begin;
  const middle = (lot.begin + lot.end) / 2;
  const choice = random.next();
  if (choice < 0.7) {
    lawn(layout, lot, { ...groundLooks.sidewalk });
    const depth = between(random, 9, 14);
    const setback = random.next() < 0.25 ? between(random, 0.5, 3) : 0;
    put(
      layout,
      block(random, length - (random.next() < 0.3 ? 2.5 : 0.05), depth),
      'building',
      at(layout, lot, middle, edges.total + setback + depth / 2),
    );
    put(layout, block(random, length, 10), 'building', at(layout, lot, middle, edges.total + 24));
  } else if (choice < 0.8) {
    lawn(layout, lot, groundLooks.plaza);
    for (let i = 0; i < 3; i++) {
      const s = between(random, lot.begin + 2, lot.end - 2);
      const d = between(random, edges.total + 2, edges.total + 9);
      if (claim(layout, s, d * lot.side, 1.2))
        put(layout, furniture(random), 'structure', at(layout, lot, s, d, random.int(4) * 1.57));
    }
    standAbout(layout, lot, 3);
    scatterTrees(layout, lot, 3, edges.total + 3, edges.total + 12);
    put(layout, block(random, length, 10), 'building', at(layout, lot, middle, edges.total + 22));
  } else if (choice < 0.9) {
    parkingLot(layout, lot);
  } else {
    lawn(layout, lot, groundLooks.grass);
    put(layout, hedge(random, length - 3), 'vegetation', at(layout, lot, middle, edges.total + 0.8));
    scatterTrees(layout, lot, 8, edges.total + 3, edges.total + 18);
    standAbout(layout, lot, 1);
  }
};

const standAbout = (layout: Layout, lot: Lot, count: number): void => {
  const { random, edges } = layout;
  for (let i = 0; i < count; i++) {
    const s = between(random, lot.begin + 1, lot.end - 1);
    const d = between(random, edges.total + 1, edges.total + 8);
    if (claim(layout, s, d * lot.side, 0.5))
      put(layout, pedestrian(random), 'pedestrian', at(layout, lot, s, d, random.next() * 6.3));
  }
};

const parkingLot = (layout: Layout, lot: Lot): void => {
  const { random, edges, profile } = layout;
  lawn(layout, lot, groundLooks.parking);
  for (const row of [edges.total + 4, edges.total + 14]) {
    for (let s = lot.begin + 1.6; s < lot.end - 1.4; s += 2.8) {
      strip(
        layout,
        layout.road,
        lot.side,
        s - 1.45,
        s - 1.35,
        flat(row - 2.5, row + 2.5, profile.kerb + 0.012, groundLooks.paint),
      );
      if (random.next() < 0.65) {
        const turn = random.next() < 0.5 ? 1 : -1;
        put(
          layout,
          car(random),
          'car',
          at(layout, lot, s, row + between(random, -0.3, 0.3), (turn * Math.PI) / 2),
        );
      }
    }
  }
  scatterTrees(layout, lot, 4, edges.total + 19, lotDepth - 2);
};

const suburb = (layout: Layout, lot: Lot): void => {
  const { random, edges, profile } = layout;
  const length = lot.end - lot.begin;
  const middle = (lot.begin + lot.end) / 2;
  if (length < 11 || random.next() < 0.12) {
    lawn(layout, lot, groundLooks.grass);
    scatterTrees(layout, lot, 7, edges.total + 2, edges.total + 18);
    return;
  }
  lawn(layout, lot, groundLooks.grass);
  const front = edges.total + between(random, 4.5, 7);
  const width = Math.min(length - 5.5, between(random, 8.5, 12));
  const depth = between(random, 7, 9);
  const shift = random.next() < 0.5 ? 1 : -1;
  const houseAt = middle + (shift * (length - width - 1.6)) / 2;
  const driveAt = middle - shift * (length / 2 - 2.1);
  put(layout, house(random, width, depth), 'building', at(layout, lot, houseAt, front + depth / 2));
  strip(
    layout,
    layout.road,
    lot.side,
    driveAt - 1.5,
    driveAt + 1.5,
    flat(edges.total, front + 4, profile.kerb + 0.01, groundLooks.parking),
  );
  if (random.next() < 0.55) {
    put(
      layout,
      car(random),
      'car',
      at(layout, lot, driveAt, edges.total + 3.2, ((random.int(2) * 2 - 1) * Math.PI) / 2),
    );
  }
  const run = length - 4.6;
  const fenceAt = middle + shift * 1.9;
  const border = random.next();
  const place = at(layout, lot, fenceAt, edges.total + 0.35);
  if (border < 0.4) put(layout, fence(random, run), 'fence', place);
  else if (border < 0.7)
    put(layout, hedge(random, run), 'vegetation', at(layout, lot, fenceAt, edges.total + 0.75));
  else if (border < 0.85) put(layout, wall(random, run), 'fence', place);
  const garden = { ...lot, begin: fenceAt - run / 2, end: fenceAt + run / 2 };
  scatterTrees(layout, garden, 3, edges.total + 2.4, front - 1.6);
  scatterTrees(layout, lot, 4, front + depth + 3, lotDepth - 2);
  put(layout, fence(random, 9), 'fence', at(layout, lot, lot.begin + 0.2, front + 5, Math.PI / 2));
};

const country = (layout: Layout, lot: Lot): void => {
  const { random, edges } = layout;
  const length = lot.end - lot.begin;
  const middle = (lot.begin + lot.end) / 2;
  const choice = random.next();
  const look = choice < 0.2 ? groundLooks.soil : choice < 0.5 ? groundLooks.meadow : groundLooks.grass;
  lawn(layout, lot, look, 0.9);
  if (random.next() < 0.35)
    put(layout, guardRail(length), 'fence', at(layout, lot, middle, edges.kerb + 0.3, Math.PI, 0));
  else if (random.next() < 0.5)
    put(layout, fence(random, length - 2), 'fence', at(layout, lot, middle, edges.total + 1.2));
  if (random.next() < 0.3) {
    const distance = edges.total + between(random, 12, 18);
    claim(layout, middle, distance * lot.side, 7);
    put(layout, house(random, between(random, 9, 14), 8), 'building', at(layout, lot, middle, distance));
    if (random.next() < 0.6)
      put(layout, car(random), 'car', at(layout, lot, middle + 6, edges.total + 6, random.next() * 3));
  }
  scatterTrees(layout, lot, 3 + random.int(7), edges.total + 2.5, edges.total + 20);
};

const fillers = { downtown, suburb, country };
