import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { chooseReturns } from './choose-returns.js';

describe('chooseReturns', () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i < 900 ? 1 : i < 990 ? 2 : i < 995 ? 3 : 0));

  it('draws classes by the square root of their size, each point at most once', () => {
    const chosen = chooseReturns(labels, 90, createRandom(1));
    expect(new Set(chosen).size).toBe(90);
    const counts = [0, 0, 0, 0];
    for (const i of chosen) counts[labels[i]] += 1;
    // sqrt(900) : sqrt(90) : sqrt(5) = 30 : 9.5 : 2.2
    expect(counts[0]).toBe(0);
    expect(counts[1]).toBeGreaterThan(60);
    expect(counts[2]).toBeGreaterThan(18);
    expect(counts[3]).toBeGreaterThanOrEqual(4);
  });

  it('fills the budget as far as there are points', () => {
    expect(chooseReturns(labels, 994, createRandom(1))).toHaveLength(994);
    expect(new Set(chooseReturns(labels, 5000, createRandom(1))).size).toBe(995);
    expect(chooseReturns(labels, 2, createRandom(1))).toHaveLength(2);
  });

  it('takes unlabelled points only when asked, and only candidates', () => {
    const candidates = labels.map((label) => (label === 0 ? 1 : 0));
    expect(chooseReturns(labels, 10, createRandom(1), { candidates })).toHaveLength(0);
    const chosen = chooseReturns(labels, 10, createRandom(1), { candidates, unlabelled: true });
    expect([...chosen].sort()).toEqual([995, 996, 997, 998, 999]);
  });
});
