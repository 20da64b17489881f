import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { chooseReturns } from './choose-returns.js';

describe('chooseReturns', () => {
  const labels = Uint8Array.from({ length: 1000 }, (_, i) => (i < 900 ? 1 : i < 990 ? 2 : i < 995 ? 3 : 0));

  it('draws classes in turn, each point at most once', () => {
    const chosen = chooseReturns(labels, 65, createRandom(1));
    expect(new Set(chosen).size).toBe(65);
    const counts = [0, 0, 0, 0];
    for (const i of chosen) counts[labels[i]!]! += 1;
    expect(counts).toEqual([0, 30, 30, 5]); // class 3 has five points in all
  });

  it('takes unlabelled points only when asked, and only candidates', () => {
    const candidates = labels.map((label) => (label === 0 ? 1 : 0));
    expect(chooseReturns(labels, 10, createRandom(1), { candidates })).toHaveLength(0);
    const chosen = chooseReturns(labels, 10, createRandom(1), { candidates, unlabelled: true });
    expect([...chosen].sort()).toEqual([995, 996, 997, 998, 999]);
  });
});
