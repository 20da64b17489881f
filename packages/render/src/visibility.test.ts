import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { medianDepth, zBufferVisibility } from './index.js';

describe('zBufferVisibility', () => {
  const image = { width: 64, height: 48 };

  it('hides what lies well behind a near neighbour, and nothing else', () => {
    const u = Float32Array.of(10, 12, 40, 10.5, 13);
    const v = Float32Array.of(10, 12, 10, 11, 10);
    const depth = Float32Array.of(5, 20, 20, 5.6, 5.9);
    expect([...zBufferVisibility(u, v, depth, image)]).toEqual([1, 0, 1, 1, 0]);
    expect([...zBufferVisibility(u, v, depth, { ...image, slack: 1 })]).toEqual([1, 0, 1, 1, 1]);
  });

  it('reaches as many cells as it is dilated by', () => {
    const u = Float32Array.of(4, 12, 20);
    const v = Float32Array.of(4, 4, 4);
    const depth = Float32Array.of(2, 30, 30);
    const visible = (dilation: number) => [...zBufferVisibility(u, v, depth, { ...image, dilation })];
    expect(visible(0)).toEqual([1, 1, 1]);
    expect(visible(1)).toEqual([1, 0, 1]);
    expect(visible(2)).toEqual([1, 0, 0]);
  });

  it('agrees with the definition on random points', () => {
    const random = createRandom(3);
    const count = 400;
    const u = Float32Array.from({ length: count }, () => random.next() * 70 - 3);
    const v = Float32Array.from({ length: count }, () => random.next() * 54 - 3);
    const depth = Float32Array.from({ length: count }, () => random.next() * 30 - 1);
    const found = zBufferVisibility(u, v, depth, { ...image, cell: 5 });
    const inside = (n: number) => u[n] >= 0 && u[n] < 64 && v[n] >= 0 && v[n] < 48 && depth[n] > 0;
    for (let n = 0; n < count; n++) {
      let front = Number.POSITIVE_INFINITY;
      for (let k = 0; k < count; k++) {
        const isNear =
          Math.abs(Math.floor(u[n] / 5) - Math.floor(u[k] / 5)) <= 1 &&
          Math.abs(Math.floor(v[n] / 5) - Math.floor(v[k] / 5)) <= 1;
        if (isNear && inside(k)) front = Math.min(front, depth[k]);
      }
      expect(found[n]).toBe(inside(n) && depth[n] <= front * 1.05 + 0.5 ? 1 : 0);
    }
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

describe('medianDepth', () => {
  it('is where half of the absorption has happened', () => {
    const rays = {
      rayOffsets: Int32Array.of(0, 3, 3, 5),
      t: Float32Array.of(1, 2, 3, 4, 6),
      delta: Float32Array.of(1, 1, 1, 2, 2),
    };
    const depth = medianDepth(Float32Array.of(0.2, 0.6, 0.2, 0.1, 0), rays);
    expect(depth[0]).toBeCloseTo(2, 5);
    expect(depth[1]).toBeNaN();
    expect(depth[2]).toBeCloseTo(4, 5);
  });
});
