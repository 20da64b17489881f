import { describe, expect, it } from '@jest/globals';
import { medianDepth } from './median-depth.js';

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
