import { describe, expect, it } from '@jest/globals';
import type { LidarHints } from '../sources/types.js';
import type { Coverage } from './coverage.js';
import { lidarCells } from './lidar-cells.js';
import { lidarPrompts } from './lidar-prompts.js';

const [WIDTH, HEIGHT] = [320, 160];
const open: Coverage = { spares: () => false, add: () => undefined };

/** A flat road up to a wall 40 m away, with a box 10 m away and one 20 m away on it; a beam every 6 pixels. */
const street = (): LidarHints & { thing: number[] } => {
  const [u, v, depth, thing]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let y = 40; y < HEIGHT; y += 6)
    for (let x = 1; x < WIDTH; x += 3) {
      const ground = y > 60 ? (1.6 * 250) / (y - 60) : 1000;
      const near = x > 40 && x < 100 && y > 50 && y < 100;
      const far = x > 150 && x < 180 && y > 55 && y < 80;
      u.push(x);
      v.push(y);
      depth.push(near ? 10 : far ? 20 : Math.min(40, ground));
      thing.push(near ? 1 : far ? 2 : ground < 40 ? 0 : 3);
    }
  return { u: Float32Array.from(u), v: Float32Array.from(v), depth: Float32Array.from(depth), thing };
};

/** The thing at a prompt: what the point there was made from. */
const thingAt = (hints: ReturnType<typeof street>, point: { x: number; y: number }): number =>
  hints.thing[[...hints.u.keys()].find((i) => hints.u[i] === point.x && hints.v[i] === point.y)!]!;

const take = (hints: LidarHints, count: number, coverage = open): { x: number; y: number }[] => {
  const source = lidarPrompts(lidarCells(hints, WIDTH, HEIGHT));
  return Array.from({ length: count }, () => source.next(coverage)).filter((point) => point !== undefined);
};

describe('lidarPrompts', () => {
  const hints = street();

  it('soon ask every thing', () => {
    expect(new Set(take(hints, 24).map((point) => thingAt(hints, point)))).toEqual(new Set([0, 1, 2, 3]));
  });

  it('lie well inside of things', () => {
    const box = take(hints, 12).find((point) => thingAt(hints, point) === 1)!;
    expect(box.x).toBeGreaterThan(50);
    expect(box.x).toBeLessThan(90);
    expect(box.y).toBeGreaterThan(58);
    expect(box.y).toBeLessThan(94);
  });

  it('lie apart, and end', () => {
    const all = take(hints, 10_000);
    expect(all.length).toBeGreaterThan(20);
    expect(all.length).toBeLessThan(2000);
    expect(new Set(all.map((point) => `${point.x} ${point.y}`)).size).toBe(all.length);
  });

  it('leave out what masks cover', () => {
    // A small mask over the left half; a large one, which spares only level 0, over the right.
    const half: Coverage = { ...open, spares: (x, _y, level) => x < 120 || level < 1 };
    const things = take(hints, 10_000, half).map((point) => thingAt(hints, point));
    expect(things).not.toContain(1);
    // Each surface of the others once, for none was asked before.
    expect(new Set(things)).toEqual(new Set([0, 2, 3]));
    expect(things.length).toBeLessThan(10);
    expect(take(hints, 5, { ...open, spares: () => true })).toEqual([]);
  });

  it('use clusters and heights where they are known', () => {
    const cluster = Int32Array.from(hints.thing);
    const { surfaces } = lidarCells({ ...hints, cluster }, WIDTH, HEIGHT);
    expect(surfaces).toHaveLength(4);
    const height = Float32Array.from(hints.thing, (thing) => (thing === 0 ? 0 : 1));
    const { surface, x, y } = lidarCells({ ...hints, height }, WIDTH, HEIGHT);
    const surfacesOf = (thing: number): Set<number> =>
      new Set(
        [...surface.keys()]
          .filter((cell) => surface[cell]! >= 0 && thingAt(hints, { x: x[cell]!, y: y[cell]! }) === thing)
          .map((cell) => surface[cell]!),
      );
    expect([1, 2].map((thing) => surfacesOf(thing).size)).toEqual([1, 1]);
  });

  it('take no notice of points out of view', () => {
    const nowhere = {
      u: Float32Array.of(-5, 9, 9, 9),
      v: Float32Array.of(5, 999, 9, 9),
      depth: Float32Array.of(9, 9, -1, 9),
    };
    expect(take({ ...nowhere, visible: Uint8Array.of(1, 1, 1, 0) }, 5)).toEqual([]);
    expect(take({ u: new Float32Array(0), v: new Float32Array(0), depth: new Float32Array(0) }, 5)).toEqual(
      [],
    );
  });
});
