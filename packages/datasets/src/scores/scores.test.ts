import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addToConfusion, emptyConfusion } from './confusion.js';
import { scoresOf } from './scores.js';

describe('scoresOf', () => {
  it('equals intersection over union computed set by set', () => {
    const labels = fc.array(fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 1, max: 4 })), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(labels, (pairs) => {
        const kept = pairs.filter(([t]) => t !== 0);
        const scores = scoresOf(
          addToConfusion(
            emptyConfusion(5),
            Uint8Array.from(pairs, ([t]) => t),
            Uint8Array.from(pairs, ([, p]) => p),
          ),
        );
        const ious: number[] = [];
        for (let c = 1; c < 5; c++) {
          const union = kept.filter(([t, p]) => t === c || p === c).length;
          const both = kept.filter(([t, p]) => t === c && p === c).length;
          if (kept.some(([t]) => t === c)) {
            ious.push(both / union);
            expect(scores.perClass[c]).toBeCloseTo(both / union, 12);
          } else expect(scores.perClass[c]).toBeNull();
        }
        expect(scores.miou).toBeCloseTo(ious.length ? ious.reduce((a, b) => a + b) / ious.length : 0, 12);
        expect(scores.count).toBe(kept.length);
      }),
    );
  });

  it('weighs classes by their share in fwIou and counts accuracy', () => {
    const truth = Uint8Array.from([1, 1, 1, 2]);
    const scores = scoresOf(addToConfusion(emptyConfusion(3), truth, Uint8Array.from([1, 1, 2, 2])));
    expect(scores.perClass).toEqual([null, 2 / 3, 1 / 2]);
    expect(scores.fwIou).toBeCloseTo((3 * (2 / 3) + 1 / 2) / 4, 12);
    expect(scores.accuracy).toBe(0.75);
  });

  it('refuses unequal lengths and unknown classes', () => {
    expect(() => addToConfusion(emptyConfusion(3), new Uint8Array(2), new Uint8Array(3))).toThrow(/2 truths/);
    expect(() => addToConfusion(emptyConfusion(3), Uint8Array.of(1), Uint8Array.of(7))).toThrow(/class 7/);
  });
});
