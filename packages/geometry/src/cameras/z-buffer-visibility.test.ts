import { describe, expect, it } from '@jest/globals';
import { createRandom } from '../random/create-random.js';
import { zBufferVisibility } from './z-buffer-visibility.js';

describe('zBufferVisibility', () => {
  const image = { width: 64, height: 48 };

  it('hides what lies between the beams on a nearer thing, not what merely has nearer ground below', () => {
    // Two beams on an obstacle at 5 m, background between them and above them, ground below.
    const u = Float32Array.of(10, 10, 11, 10, 30, 30);
    const v = Float32Array.of(10, 20, 15, 5, 15, 20);
    const depth = Float32Array.of(5, 5, 20, 20, 20, 12);
    const reach = { ...image, horizontal: 4, vertical: 10 };
    expect([...zBufferVisibility(u, v, depth, reach)]).toEqual([1, 1, 0, 1, 1, 1]);
    expect([...zBufferVisibility(u, v, depth, { ...reach, vertical: 4 })]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...zBufferVisibility(u, v, depth, { ...reach, horizontal: 0.5 })]).toEqual([1, 1, 1, 1, 1, 1]);
    expect([...zBufferVisibility(u, v, depth, { ...reach, slack: 15 })]).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('agrees with the definition on random points', () => {
    const random = createRandom(3);
    const count = 400;
    const u = Float32Array.from({ length: count }, () => random.next() * 70 - 3);
    const v = Float32Array.from({ length: count }, () => random.next() * 54 - 3);
    const depth = Float32Array.from({ length: count }, () => random.next() * 30 - 1);
    const found = zBufferVisibility(u, v, depth, { ...image, horizontal: 5, vertical: 3.5 });
    const inside = (n: number) => u[n] >= 0 && u[n] < 64 && v[n] >= 0 && v[n] < 48 && depth[n] > 0;
    const nearest = (n: number, side: 1 | -1) => {
      let front = depth[n];
      for (let k = 0; k < count; k++) {
        const down = v[k] - v[n];
        const isNear = inside(k) && Math.abs(u[k] - u[n]) <= 5 && Math.abs(down) <= 3.5;
        if (isNear && side * down >= -1) front = Math.min(front, depth[k]);
      }
      return front;
    };
    for (let n = 0; n < count; n++) {
      const front = Math.max(nearest(n, 1), nearest(n, -1));
      expect(found[n]).toBe(inside(n) && depth[n] <= front * 1.05 + 0.5 ? 1 : 0);
    }
    expect(found.some((x, n) => x === 0 && inside(n))).toBe(true);
  });

  it('takes points that have no pixel, and none', () => {
    const nan = Float32Array.of(Number.NaN);
    expect([...zBufferVisibility(nan, nan, Float32Array.of(3), image)]).toEqual([0]);
    expect([...zBufferVisibility(Float32Array.of(1), Float32Array.of(1), nan, image)]).toEqual([0]);
    expect(
      zBufferVisibility(new Float32Array(0), new Float32Array(0), new Float32Array(0), image).length,
    ).toBe(0);
  });
});
