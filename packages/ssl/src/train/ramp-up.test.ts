import { describe, expect, it } from '@jest/globals';
import { rampUp } from './ramp-up.js';

describe('rampUp', () => {
  it('is zero before the start, rises without a step back, and ends at one', () => {
    expect(rampUp(0.2, 0.3, 0.25)).toBe(0);
    let last = 0;
    for (let progress = 0.3; progress < 0.55; progress += 0.01) {
      const weight = rampUp(progress, 0.3, 0.25);
      expect(weight).toBeGreaterThan(last);
      last = weight;
    }
    expect(rampUp(0.55, 0.3, 0.25)).toBe(1);
    expect(rampUp(0.3, 0.3, 0)).toBe(1);
  });
});
