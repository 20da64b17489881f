import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { indexSampler } from './sampler.js';

describe('indexSampler', () => {
  it('draws every index once per epoch, in another order each time', () => {
    const indices = Array.from({ length: 20 }, (_, i) => i * 3);
    const draw = indexSampler(indices, createRandom(1));
    const epochs = [0, 1].map((epoch) => indices.map((_, k) => draw(epoch * 20 + k)));
    for (const epoch of epochs) expect(epoch.toSorted((a, b) => a - b)).toEqual(indices);
    expect(epochs[0]).not.toEqual(epochs[1]);
  });

  it('does not depend on what was drawn before, so that a run can resume', () => {
    const all = indexSampler([4, 5, 6], createRandom(9));
    const full = Array.from({ length: 12 }, (_, k) => all(k));
    const resumed = indexSampler([4, 5, 6], createRandom(9));
    expect(Array.from({ length: 5 }, (_, k) => resumed(7 + k))).toEqual(full.slice(7));
  });

  it('refuses an empty list', () => {
    expect(() => indexSampler([], createRandom(1))).toThrow(/no indices/);
  });
});
