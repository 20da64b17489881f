import { Matrix4 } from 'three';
import { car } from '../objects/car.js';
import { bicyclist, motorcyclist } from '../objects/cycle.js';
import { bus, truck } from '../objects/heavy.js';
import { between } from '../objects/palette.js';
import { bake, type Part } from '../objects/parts.js';
import { pedestrian } from '../objects/person.js';
import type { SemanticName } from '../semantics.js';
import { buildBvh } from '../trace/bvh.js';
import { createMeshBuilder } from '../trace/mesh.js';
import type { Mover } from '../trace/scene.js';
import { type Layout, register } from './layout.js';
import { placeOnRoad } from './road.js';

/** How the measuring car drives: along its lane. */
export interface EgoMotion {
  /** Distance along the road at time 0, metres. */
  readonly s: number;
  readonly d: number;
  /** Metres per second. */
  readonly speed: number;
}

interface Course {
  readonly s: number;
  readonly d: number;
  /** Along the road, negative against it. */
  readonly speed: number;
  readonly z: number;
}

const start = (layout: Layout, parts: readonly Part[], semantic: SemanticName, course: Course): Mover => {
  const builder = createMeshBuilder();
  bake(builder, parts, new Matrix4(), semantic, register(layout, semantic, true));
  const { road, crossing } = layout;
  const yaw = course.speed < 0 ? Math.PI : 0;
  return {
    bvh: buildBvh(builder.build(), 'quick'),
    poseAt: (time, out) => {
      const s = course.s + course.speed * time;
      // Walkers step down from the pavement where the side street crosses.
      const onRoad = crossing !== undefined && Math.abs(s - crossing.s) < crossing.edges.kerb;
      placeOnRoad(road, s, course.d, onRoad ? 0 : course.z, yaw, course.z > 0, out);
    },
  };
};

type Vehicle = readonly [SemanticName, (layout: Layout) => Part[], length: number];

const vehicles: readonly Vehicle[] = [
  ['car', (l) => car(l.random), 5],
  ['car', (l) => car(l.random), 5],
  ['motorcyclist', (l) => motorcyclist(l.random), 3],
  ['truck', (l) => truck(l.random), 9],
  ['car', (l) => car(l.random), 5],
  ['motorcyclist', (l) => motorcyclist(l.random), 3],
  ['bus', (l) => bus(l.random), 13],
];

/**
 * Everything that moves: vehicles in every lane, cyclists on the cycle lane or shoulder, walkers on the pavement. All in one file keep
 * one speed, so that nothing ever collides.
 *
 * @param seconds how long the scene lasts.
 */
export const fillTraffic = (layout: Layout, ego: EgoMotion, seconds: number): Mover[] => {
  const { profile } = layout;
  const movers: Mover[] = [];
  for (const side of [-1, 1]) {
    for (let lane = 0; lane < profile.lanes; lane++) {
      const d = side * (profile.median + (lane + 0.5) * profile.laneWidth);
      movers.push(...laneOf(layout, d, ego, seconds));
    }
    movers.push(...cyclists(layout, side, seconds), ...walkers(layout, side, seconds));
  }
  return movers;
};

const laneOf = (layout: Layout, d: number, ego: EgoMotion, seconds: number): Mover[] => {
  const { random, road } = layout;
  const own = Math.abs(d - ego.d) < 0.5;
  const along = d < 0;
  const speed = own ? ego.speed : (along ? 1 : -1) * between(random, 6, 12);
  const queue = random.shuffle([...vehicles]);
  // What stays on the modelled road for the whole scene.
  const low = road.begin + 10 + Math.max(0, -speed * seconds);
  const high = road.end - 10 - Math.max(0, speed * seconds);
  const movers: Mover[] = [];
  const place = (s: number): void => {
    const [semantic, build] = queue[movers.length % queue.length];
    if (s > low && s < high)
      movers.push(
        start(layout, build(layout), semantic, { s, d: d + between(random, -0.15, 0.15), speed, z: 0 }),
      );
  };
  const gap = (): number => between(random, 15, 32);
  if (own) {
    let ahead = ego.s + between(random, 14, 24);
    let behind = ego.s - between(random, 13, 22);
    for (; ahead < ego.s + 75; ahead += gap()) place(ahead);
    for (; behind > ego.s - 55; behind -= gap()) place(behind);
  } else {
    const reach = Math.abs(speed) * seconds + 70;
    for (let s = Math.max(low, ego.s - reach); s < Math.min(high, ego.s + reach); s += gap()) place(s);
  }
  return movers;
};

const cyclists = (layout: Layout, side: number, seconds: number): Mover[] => {
  const { random, road, edges } = layout;
  const speed = -side * between(random, 3.5, 5.5);
  const d = side * (edges.lanes + edges.edge) * 0.5;
  const movers: Mover[] = [];
  const begin = road.begin + 12 + Math.max(0, -speed * seconds);
  const end = road.end - 12 - Math.max(0, speed * seconds);
  for (let s = begin + between(random, 0, 12); s < end; s += between(random, 14, 34)) {
    movers.push(start(layout, bicyclist(random), 'bicyclist', { s, d, speed, z: 0 }));
  }
  return movers;
};

const walkers = (layout: Layout, side: number, seconds: number): Mover[] => {
  const { random, road, edges, profile, kind } = layout;
  if (profile.sidewalk < 1.5) return [];
  const movers: Mover[] = [];
  const low = edges.verge + (profile.verge > 0.5 ? 0.4 : 1.2);
  const high = edges.total - (profile.sidewalk > 3 ? 1.4 : 0.6);
  for (const direction of [-1, 1]) {
    const speed = direction * between(random, 1, 1.6);
    const d = side * (direction < 0 ? low : high);
    const spacing = kind === 'downtown' ? 11 : kind === 'suburb' ? 20 : 32;
    const begin = road.begin + 12 + Math.max(0, -speed * seconds);
    const end = road.end - 12 - Math.max(0, speed * seconds);
    for (
      let s = begin + between(random, 0, spacing);
      s < end;
      s += between(random, spacing * 0.4, spacing * 1.6)
    ) {
      movers.push(start(layout, pedestrian(random), 'pedestrian', { s, d, speed, z: profile.kerb }));
    }
  }
  return movers;
};
