import { Vector3 } from 'three';
import { car } from '../objects/car.js';
import { bicycle, motorcycle } from '../objects/cycle.js';
import { bus, machine, trailer, truck } from '../objects/heavy.js';
import { between } from '../objects/palette.js';
import { pedestrian } from '../objects/person.js';
import { tree } from '../objects/plants.js';
import {
  bollard,
  furniture,
  lamp,
  roadBarrier,
  trafficCone,
  trafficLight,
  trafficSign,
  utilityPole,
} from '../objects/street-furniture.js';
import type { Mover } from '../trace/scene.js';
import { flat, groundLooks, strip } from './ground.js';
import { type Lamp, lampMovers } from './lamps.js';
import { type Crossing, claim, inCrossing, type Layout, put } from './layout.js';
import { matrixOnRoad } from './road.js';
import type { Arm } from './signals.js';

type Slot = 'car' | 'truck' | 'bus' | 'trailer' | 'motorcycles' | 'bicycles' | 'works' | 'island' | 'gap';

/** Rare things come as often as a few labelled scans need them: every deck holds each at least once. */
const deck: readonly Slot[] = [
  ...(['car', 'car', 'car', 'car', 'car', 'gap', 'gap', 'gap', 'gap'] as const),
  ...([
    'truck',
    'bus',
    'trailer',
    'works',
    'motorcycles',
    'motorcycles',
    'bicycles',
    'bicycles',
    'island',
  ] as const),
];

const slotLength: Readonly<Record<Slot, number>> = {
  car: 6,
  truck: 10,
  bus: 14,
  trailer: 11,
  motorcycles: 4.5,
  bicycles: 4,
  works: 12,
  island: 5,
  gap: 6,
};

/** Everything that stands along the kerb: parked vehicles, building works, islands; then poles, signs and trees behind it. */
export const furnishRoadside = (layout: Layout): Mover[] => {
  for (const side of [-1, 1]) {
    parkAlong(layout, side);
    plantAlong(layout, side);
  }
  return layout.crossing ? furnishCrossing(layout, layout.crossing) : [];
};

const parkAlong = (layout: Layout, side: number): void => {
  const { random, road, edges, kind } = layout;
  const d = side * ((edges.edge + edges.kerb) / 2);
  // Cars on the right look along the road, those on the left against it.
  const yaw = side < 0 ? 0 : Math.PI;
  let cards: Slot[] = [];
  let s = road.begin + between(random, 2, 8);
  while (s < road.end - 16) {
    if (cards.length === 0) cards = random.shuffle([...deck]);
    const slot = cards.pop() ?? 'gap';
    const length = slotLength[slot];
    const middle = s + length / 2;
    const blocked = [s, middle, s + length].some((x) => inCrossing(layout, x, 1));
    if (blocked) {
      cards.unshift(slot);
      s += 3;
      continue;
    }
    fillSlot(layout, slot, middle, d, yaw, side);
    s += length + (kind === 'country' ? between(random, 4, 14) : between(random, 0.2, 2));
  }
};

const fillSlot = (layout: Layout, slot: Slot, s: number, d: number, yaw: number, side: number): void => {
  const { random } = layout;
  const jitter = (amount: number): number => between(random, -amount, amount);
  const along = { s, d: d + jitter(0.12), yaw: yaw + jitter(0.03) };
  if (slot === 'car') put(layout, car(random), 'car', along);
  else if (slot === 'truck') put(layout, truck(random), 'truck', along);
  else if (slot === 'bus') put(layout, bus(random), 'bus', along);
  else if (slot === 'trailer') put(layout, trailer(random), 'trailer', along);
  else if (slot === 'motorcycles') {
    for (const ds of [-1.3, 0, 1.3]) {
      put(layout, motorcycle(random), 'motorcycle', { s: s + ds, d, yaw: yaw + Math.PI / 2 + jitter(0.3) });
    }
  } else if (slot === 'bicycles') {
    for (const ds of [-1.2, -0.4, 0.4, 1.2]) {
      put(layout, bicycle(random), 'bicycle', {
        s: s + ds,
        d: d + jitter(0.15),
        yaw: yaw + Math.PI / 2 + jitter(0.2),
      });
    }
  } else if (slot === 'works') works(layout, s, d, yaw);
  else if (slot === 'island') island(layout, s, d, side);
};

/** Building works: a machine behind barriers and cones, with someone at work. */
const works = (layout: Layout, s: number, d: number, yaw: number): void => {
  const { random } = layout;
  put(layout, machine(random), 'construction-vehicle', {
    s: s + 0.6,
    d,
    yaw: yaw + between(random, -0.06, 0.06),
  });
  const end = Math.cos(yaw);
  const near = -Math.sign(d);
  for (const dd of [-0.95, 0.95]) {
    put(layout, roadBarrier(random), 'barrier', { s: s - end * 5.3, d: d + dd, yaw: yaw + Math.PI / 2 });
  }
  for (const ds of [-1.6, 0.8]) {
    put(layout, roadBarrier(random), 'barrier', { s: s + ds, d: d + near * 1.5, yaw });
  }
  for (const ds of [-5.6, -4.6, -3.6, 2.6, 3.6, 4.6, 5.6]) {
    put(layout, trafficCone(random), 'traffic-cone', { s: s + ds, d: d + near * 1.5 });
  }
  put(layout, pedestrian(random), 'pedestrian', { s: s + end * 5.4, d, yaw: random.next() * 6.3 });
};

/** A raised traffic island in the parking strip, with bollards and a sign or a tree. */
const island = (layout: Layout, s: number, d: number, side: number): void => {
  const { random, road, edges } = layout;
  const height = 0.13;
  const [near, far] = [edges.edge + 0.1, edges.kerb];
  strip(layout, road, side, s - 2.2, s + 2.2, flat(near, far, height, groundLooks.island));
  strip(layout, road, side, s - 2.2, s + 2.2, {
    from: near,
    to: near,
    fromZ: height,
    toZ: 0,
    look: groundLooks.island,
  });
  for (const ds of [-1.9, 1.9])
    put(layout, bollard(), 'pole', { s: s + ds, d: d - Math.sign(d) * 0.8, z: height });
  if (random.next() < 0.5) put(layout, tree(random, 5), 'vegetation', { s, d, z: height });
  else put(layout, trafficSign(random), 'pole', { s, d, z: height, yaw: side < 0 ? Math.PI : 0 });
};

/** Poles, signs, trees and furniture on the verge or along the kerb. */
const plantAlong = (layout: Layout, side: number): void => {
  const { random, road, edges, profile, kind } = layout;
  const line = side * (profile.verge > 0.5 ? edges.kerb + profile.verge / 2 : edges.kerb + 0.55);
  const back = side * (edges.total - 0.45);
  const z = profile.kerb;
  let s = road.begin + between(random, 2, 6);
  let turn = random.int(4);
  while (s < road.end - 2) {
    if (!inCrossing(layout, s, 1.5) && claim(layout, s, line, 0.8)) {
      const kindOf = turn++ % 4;
      const facing = side < 0 ? Math.PI : 0;
      if (kindOf === 0 && kind === 'country') put(layout, utilityPole(random), 'pole', { s, d: line, z });
      else if (kindOf === 0) {
        const { parts, head } = lamp(random);
        const yaw = (-side * Math.PI) / 2;
        put(layout, parts, 'pole', { s, d: line, z, yaw });
        const light = new Vector3(...head).applyMatrix4(matrixOnRoad(road, s, line, z, yaw));
        layout.lamps.push(light.x, light.y, light.z);
      } else if (kindOf === 2)
        put(layout, trafficSign(random), 'pole', {
          s,
          d: line,
          z,
          yaw: facing + between(random, -0.15, 0.15),
        });
      else if (random.next() < 0.75)
        put(layout, tree(random, between(random, 4.5, 7)), 'vegetation', {
          s,
          d: line,
          z,
          yaw: random.next() * 6,
        });
      if (kind !== 'country' && profile.sidewalk > 3 && random.next() < 0.3) {
        put(layout, furniture(random), 'structure', { s: s + 3, d: back, z, yaw: side > 0 ? 0 : Math.PI });
      }
    }
    s += between(random, 5.5, kind === 'country' ? 13 : 9);
  }
};

/** Traffic lights and bollards at the corners of a junction; returns the lamps, which go on and off. */
const furnishCrossing = (layout: Layout, crossing: Crossing): Mover[] => {
  const { edges, profile, random } = layout;
  const lamps: Record<Arm, Lamp[]> = { main: [], side: [] };
  const z = profile.kerb;
  const raise = (arm: Arm, s: number, d: number, yaw: number): void => {
    const road = arm === 'main' ? layout.road : crossing.road;
    const { parts, heads } = trafficLight(random);
    put(layout, parts, 'pole', { s, d, z, yaw, road });
    lamps[arm].push({ matrix: matrixOnRoad(road, s, d, z, yaw), heads, object: layout.objects.length });
  };
  const beyond = crossing.edges.kerb + 0.5;
  for (const side of [-1, 1]) {
    const yaw = side < 0 ? 0 : Math.PI;
    const d = side * (edges.kerb + 0.5);
    // On the right before the junction for those driving along, on the left for those coming.
    raise('main', crossing.s + side * beyond, d, yaw);
    raise('side', side * (edges.kerb + 0.5), side * beyond, yaw);
    for (const other of [-1, 1]) {
      put(layout, bollard(), 'pole', { s: crossing.s + other * (beyond + 1.2), d: d + side * 0.1, z });
    }
  }
  return (['main', 'side'] as const).flatMap((arm) => lampMovers(crossing.signals, arm, lamps[arm]));
};
