import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { semanticId } from '../semantics.js';
import type { Mover } from '../trace/scene.js';
import { createSignals } from './signals.js';
import { worldKinds } from './street-profile.js';
import { createWorld, egoPoseAt, type World } from './world.js';

const seconds = 16;
const worlds: readonly World[] = [0, 1].flatMap((seed) =>
  worldKinds.map((kind) =>
    createWorld({ kind, seconds, effort: 'quick' }, createRandom(`traffic ${seed}`).fork(kind)),
  ),
);

const person = String(semanticId.pedestrian);
const semanticOf = (mover: Mover): number => mover.postures[0]().mesh.semantic[0];
const isLamp = (mover: Mover): boolean => semanticOf(mover) === semanticId['traffic-light'];

interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly c: number;
  readonly s: number;
  /** Half sizes along and across, without mirrors and loads that lean over. */
  readonly a: number;
  readonly b: number;
}

const boxOf = (mover: Mover, time: number): Box => {
  const pose = new Float64Array(16);
  mover.poseAt(time, pose);
  const { bounds } = mover.postures[0]();
  const half = Math.min(-bounds[0], bounds[3]);
  const wide = Math.max(0.1, Math.min(-bounds[1], bounds[4]) - 0.25);
  return {
    name: String(semanticOf(mover)),
    x: pose[12],
    y: pose[13],
    c: pose[0],
    s: pose[1],
    a: half,
    b: wide,
  };
};

const apart = (p: Box, q: Box): boolean => {
  const [dx, dy] = [q.x - p.x, q.y - p.y];
  return [p, q].some(({ c, s }) =>
    [
      [c, s],
      [-s, c],
    ].some(([ux, uy]) => {
      const reach = (box: Box): number =>
        box.a * Math.abs(box.c * ux + box.s * uy) + box.b * Math.abs(-box.s * ux + box.c * uy);
      return Math.abs(dx * ux + dy * uy) > reach(p) + reach(q);
    }),
  );
};

describe('traffic', () => {
  it('never runs into one another', () => {
    const crashes: string[] = [];
    for (const [w, world] of worlds.entries()) {
      const movers = world.movers.filter((mover) => !isLamp(mover));
      for (let time = 0; time <= seconds; time += 0.5) {
        const boxes = movers.map((mover) => boxOf(mover, time));
        const ego = egoPoseAt(world, time, new Float64Array(16));
        const front = 1.4;
        boxes.push({
          name: 'ego',
          x: ego[12] + front * ego[0],
          y: ego[13] + front * ego[1],
          c: ego[0],
          s: ego[1],
          a: 2.2,
          b: 0.8,
        });
        for (let i = 0; i < boxes.length; i++)
          for (let j = 0; j < i; j++)
            // People slip past each other.
            if (boxes[i].name + boxes[j].name !== person + person && !apart(boxes[i], boxes[j]))
              crashes.push(
                `${w} ${world.kind} ${time}: ${i}/${boxes[i].name} ${j}/${boxes[j].name} at ${boxes[i].x.toFixed(1)} ${boxes[i].y.toFixed(1)}`,
              );
      }
    }
    expect(crashes).toEqual([]);
  });

  it('goes at many speeds, stops and turns', () => {
    const speeds = new Set<number>();
    let stopped = 0;
    let turned = 0;
    let crossed = 0;
    for (const { movers, road } of worlds) {
      for (const mover of movers.filter((m) => !isLamp(m))) {
        const [from, to] = [new Float64Array(16), new Float64Array(16)];
        mover.poseAt(0, from);
        mover.poseAt(seconds, to);
        const way = Math.hypot(to[12] - from[12], to[13] - from[13]);
        speeds.add(Math.round((way / seconds) * 5));
        if (way < 0.05) stopped++;
        const vehicle = semanticOf(mover) !== semanticId.pedestrian;
        if (vehicle && from[0] * to[0] + from[1] * to[1] < 0.2) turned++;
        if (
          !vehicle &&
          Math.abs(from[0] * Math.cos(road.headingAt(0)) + from[1] * Math.sin(road.headingAt(0))) < 0.3 &&
          way > 3
        )
          crossed++;
      }
    }
    expect(speeds.size).toBeGreaterThan(20);
    expect(stopped).toBeGreaterThan(1);
    expect(turned).toBeGreaterThan(0);
    expect(crossed).toBeGreaterThan(0);
  });

  it('gives green to one street at a time, and shows one lamp of each', () => {
    const signals = createSignals(createRandom(5), { main: 9, side: 12 });
    for (let time = 0; time < 60; time += 0.1) {
      const colors = [signals.colorAt('main', time), signals.colorAt('side', time)];
      expect(colors.filter((color) => color === 'red').length).toBeGreaterThan(0);
      expect(signals.greenLeft('main', time) > 0).toBe(colors[0] === 'green');
    }
    for (const { movers } of worlds) {
      const lamps = movers.filter(isLamp);
      for (const time of [0, 4, 9, 15]) {
        const lit = lamps.filter((lamp) => {
          const pose = new Float64Array(16);
          lamp.poseAt(time, pose);
          return pose[14] > -100;
        });
        expect(lit.length).toBe(lamps.length / 3);
      }
    }
  });

  it('moves legs with the way', () => {
    const walkers = worlds[0].movers.filter((m) => m.postures.length > 1);
    expect(walkers.length).toBeGreaterThan(10);
    const seen = new Set<number>();
    for (let time = 0; time < 3; time += 0.1) seen.add(walkers[0].postureAt?.(time) ?? 0);
    expect(seen.size).toBe(6);
  });
});
