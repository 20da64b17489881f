import type { Random } from '@nerfseg/geometry';
import { block, house } from '../objects/building.js';
import { between } from '../objects/palette.js';
import { bush, tree } from '../objects/plants.js';
import type { Light } from '../sensors/shade.js';
import { type Bvh, type BvhEffort, buildBvh } from '../trace/bvh.js';
import { createMeshBuilder } from '../trace/mesh.js';
import type { Mover } from '../trace/scene.js';
import { type Air, airOf, type Condition, conditions, drawCondition, lightOf } from './conditions.js';
import { slowest, slowestAcross } from './footways.js';
import { around, farGround, paintZebras, paveStreet } from './ground.js';
import type { Crossing, Layout, WorldObject } from './layout.js';
import { put } from './layout.js';

import { fillLots, lotDepth } from './lots.js';
import { createRoad, placeOnRoad, type Ramp, type Road } from './road.js';
import { furnishRoadside } from './roadside.js';
import { createSignals } from './signals.js';
import { edgesOfProfile, streetProfile, type WorldKind, worldKinds } from './street-profile.js';
import { type EgoMotion, fillTraffic } from './traffic.js';

export interface WorldConfig {
  /** Left out: drawn by chance. */
  readonly kind?: WorldKind | undefined;
  /** How long things move, seconds; the road is made long enough for the drive. Default 10. */
  readonly seconds?: number | undefined;
  /** Metres per second of the measuring car. Default [5, 12]: drawn by chance. */
  readonly speed?: readonly [number, number] | undefined;
  /** Weather and time of day. Left out: drawn by chance. */
  readonly condition?: Condition | undefined;
  /** Metres around the drive within which there is something to be measured; at least 95, which is the default. */
  readonly reach?: number | undefined;
  /** 'thorough' (default) pays off from about a million rays on. */
  readonly effort?: BvhEffort | undefined;
}

/** A piece of town or country, with everything that stands and moves in it. */
export interface World {
  readonly kind: WorldKind;
  readonly road: Road;
  readonly condition: Condition;
  readonly light: Light;
  readonly air: Air;
  /** [L*3] metres: where street lamps shine from. */
  readonly lamps: Float64Array;
  /** Everything that stands still. */
  readonly ground: Bvh;
  readonly movers: readonly Mover[];
  /** By id - 1. */
  readonly objects: readonly WorldObject[];
  readonly ego: EgoMotion;
}

/** How far a side street reaches, metres. */
const sideReach = 110;

/** How far the world reaches beyond the drive at least, metres. */
const leastReach = 95;

/**
 * Builds a world. The same random stream gives the same world.
 *
 * @param random drawn from; fork it per scene.
 */
export const createWorld = (config: WorldConfig, random: Random): World => {
  const kind = config.kind ?? worldKinds[random.int(worldKinds.length)];
  const seconds = config.seconds ?? 10;
  const [slow, fast] = config.speed ?? [5, 12];
  const speed = between(random, slow, fast);
  const length = speed * seconds;
  const reach = Math.max(leastReach, config.reach ?? 0);
  const condition = config.condition ?? drawCondition(conditions, random.fork('condition'));
  const air = airOf(condition, random.fork('air'));
  const profile = streetProfile(kind, random.fork('profile'));
  const edges = edgesOfProfile(profile);
  const side = crossingAt(kind, length, random.fork('crossing'));
  const road = mainRoad(length, reach, side, random.fork('road'));
  const layout: Layout = {
    kind,
    random: random.fork('things'),
    builder: createMeshBuilder(),
    road,
    profile,
    edges,
    ...(side === undefined
      ? {}
      : { crossing: sideStreet(kind, road, side, edges.kerb, random.fork('side street')) }),
    objects: [],
    lamps: [],
    reach,
    occupied: [],
  };
  pave(layout);
  fillLots(layout);
  const lights = furnishRoadside(layout);
  backdrop(layout, random.fork('backdrop'));
  const lane = random.int(profile.lanes);
  const traffic = fillTraffic({ ...layout, random: random.fork('traffic') }, { lane, speed }, seconds);
  return {
    kind,
    road,
    condition,
    light: lightOf(condition, air, random.fork('light')),
    air,
    lamps: Float64Array.from(layout.lamps),
    ground: buildBvh(layout.builder.build(), config.effort),
    movers: [...traffic.movers, ...lights],
    objects: layout.objects,
    ego: traffic.ego,
  };
};

/** `globalFromEgo` at a time (seconds of the scene), into `out`: along the lane, swaying a little within it. */
export const egoPoseAt = ({ ego, road }: World, time: number, out: Float64Array): Float64Array => {
  const s = ego.along(time);
  const sway = 0.12 * Math.sin(s * 0.08);
  const drift = Math.atan(0.12 * 0.08 * Math.cos(s * 0.08));
  return placeOnRoad(road, s, ego.d + sway, 0, drift, false, out);
};

const crossingAt = (kind: WorldKind, length: number, random: Random): number | undefined => {
  const chance = { downtown: 0.85, suburb: 0.6, country: 0.25 }[kind];
  return random.next() < chance ? between(random, 18, Math.max(25, length + 25)) : undefined;
};

/** Bends and slopes, but none near the junction. */
const mainRoad = (length: number, reach: number, crossing: number | undefined, random: Random): Road => {
  const begin = -reach;
  const end = length + reach;
  const bends: Ramp[] = [];
  const rises: Ramp[] = [];
  for (const [from, to] of around(begin + 5, end - 5, crossing, 42)) {
    const run = to - from;
    if (run < 40) continue;
    const sign = random.next() < 0.5 ? 1 : -1;
    bends.push({ start: from, length: run, amount: sign * Math.min(0.9, run / 130) * random.next() });
    rises.push({ start: from, length: run, amount: between(random, -0.012, 0.012) * run });
  }
  return createRoad({ begin, end, bends, rises });
};

const sideStreet = (kind: WorldKind, main: Road, s: number, kerb: number, random: Random): Crossing => {
  const origin = { x: 0, y: 0 };
  main.pointAt(s, 0, origin);
  const profile = { ...streetProfile(kind, random), median: 0, lanes: 1 };
  const sideEdges = edgesOfProfile(profile);
  return {
    s,
    profile,
    edges: sideEdges,
    signals: createSignals(random.fork('signals'), {
      main: (2 * kerb) / slowestAcross + 1,
      side: (2 * sideEdges.kerb) / slowest,
    }),
    road: createRoad({
      begin: -sideReach,
      end: sideReach,
      origin: [origin.x, origin.y],
      heading: main.headingAt(s) + Math.PI / 2,
      height: main.heightAt(s),
    }),
  };
};

const pave = (layout: Layout): void => {
  const { crossing, road, profile, edges } = layout;
  paveStreet(
    layout,
    road,
    profile,
    crossing && { middle: crossing.s, kerb: crossing.edges.kerb, total: crossing.edges.total, main: true },
  );
  if (crossing) {
    paveStreet(layout, crossing.road, crossing.profile, {
      middle: 0,
      kerb: edges.kerb,
      total: edges.total,
      main: false,
    });
    paintZebras(layout);
  }
  farGround(layout, lotDepth);
};

/** What stands on the horizon: rows of trees or houses beyond the lots and at both ends of the road. */
const backdrop = (layout: Layout, random: Random): void => {
  const { road, kind, crossing } = layout;
  const town = kind === 'downtown';
  const free = (s: number): boolean => !crossing || Math.abs(s - crossing.s) > crossing.edges.total + 9;
  for (const side of [-1, 1]) {
    // Whoever sees farther has more of it.
    for (let row = 48; row < layout.reach; row += 40) {
      for (let s = road.begin; s < road.end; s += between(random, 12, 22)) {
        const d = side * between(random, row, row + 32);
        if (!free(s)) continue;
        const yaw = side > 0 ? 0 : Math.PI;
        if (town) put(layout, block(random, 16, 12), 'building', { s, d, z: -2, yaw });
        else if (random.next() < 0.2) put(layout, house(random, 10, 8), 'building', { s, d, z: -2, yaw });
        else put(layout, tree(random, between(random, 7, 13)), 'vegetation', { s, d, z: -2.5 });
      }
    }
    const end = side < 0 ? road.begin - 25 : road.end + 25;
    for (let d = -70; d <= 70; d += 14) {
      const s = end + side * between(random, 0, 25);
      if (town) put(layout, block(random, 15, 12), 'building', { s, d, z: -3, yaw: (-side * Math.PI) / 2 });
      else if (random.next() < 0.3) put(layout, bush(random), 'vegetation', { s, d, z: -2.6 });
      else put(layout, tree(random, between(random, 8, 14)), 'vegetation', { s, d, z: -3 });
    }
  }
};
