import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import fc from 'fast-check';
import { fuseSemantics } from '../fusion/fuse-semantics.js';
import { segmentsAtPixels } from '../masks/segments-at-pixels.js';
import { drawMasks } from '../testing/draw.js';
import { allocate } from './allocate.js';
import { borderDistance } from './border-distance.js';
import { entropySample } from './entropy-sample.js';
import { sampleRays } from './sample-rays.js';
import { spreadSamples } from './spread-samples.js';

const block = (size: number, inside: (x: number, y: number) => boolean): string[] =>
  Array.from({ length: size }, (_, y) =>
    Array.from({ length: size }, (_, x) => (inside(x, y) ? '#' : '.')).join(''),
  );
const large = block(40, (x) => x < 30);
const small = block(40, (x, y) => x >= 34 && x < 37 && y >= 10 && y < 13);
const masks = drawMasks([large, small]);
const distinct = (pixels: Int32Array): number =>
  new Set(Array.from({ length: pixels.length / 2 }, (_, r) => pixels[2 * r]! + 1000 * pixels[2 * r + 1]!))
    .size;

describe('allocate', () => {
  it('spends the budget, within the capacities', () => {
    const entry = fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 0, max: 20 }));
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (entries, budget, offset) => {
          const capacity = entries.map(([, c]) => c);
          const shares = allocate(
            entries.map(([w]) => w),
            capacity,
            budget,
            offset,
          );
          shares.forEach((share, i) => {
            expect(share).toBeGreaterThanOrEqual(0);
            expect(share).toBeLessThanOrEqual(capacity[i]!);
          });
          const total = shares.reduce((sum, share) => sum + share, 0);
          const expected = Math.min(
            budget,
            capacity.reduce((sum, c) => sum + c, 0),
          );
          expect(Math.abs(total - expected)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it('gives nothing to what weighs nothing', () => {
    expect([...allocate([0, 1], [5, 5], 8, 0.3)]).toEqual([0, 5]);
  });
});

describe('sampleRays', () => {
  it('does not starve small segments, nor repeat a pixel', () => {
    const pixels = sampleRays(masks, 200, createRandom(1));
    const segments = segmentsAtPixels(masks, pixels);
    expect(segments).toHaveLength(200);
    // 9 pixels against 1200: the small one gets all its pixels.
    expect(segments.filter((m) => m === 1)).toHaveLength(9);
    expect(segments.includes(-1)).toBe(false);
    expect(distinct(pixels)).toBe(200);
  });

  it('repeats itself with the same seed, and covers a segment from top to bottom', () => {
    const pixels = sampleRays(masks, 60, createRandom(7));
    expect(sampleRays(masks, 60, createRandom(7))).toEqual(pixels);
    const rows = pixels.filter((_, i) => i % 2 === 1);
    expect(Math.min(...rows)).toBeLessThan(4);
    expect(Math.max(...rows)).toBeGreaterThan(36);
  });

  it('can spread rays over the picture, or draw them to borders', () => {
    const uniform = sampleRays(masks, 400, createRandom(2), { strategy: 'uniform' });
    expect(distinct(uniform)).toBe(400);
    expect(segmentsAtPixels(masks, uniform).filter((m) => m < 0).length / 400).toBeCloseTo(391 / 1600, 1);
    const one = drawMasks([large]);
    // 3 of 30 columns would hold 30 of 300 rays; there a pixel counts 2.7 times as much, 8 of 37 in all.
    let atBorder = 0;
    for (let seed = 0; seed < 20; seed++) {
      const pixels = sampleRays(one, 300, createRandom(seed), { strategy: 'border' });
      expect(distinct(pixels)).toBe(300);
      for (let r = 0; r < 300; r++) if (pixels[2 * r]! >= 27) atBorder++;
    }
    expect(Math.abs(atBorder / 20 - (300 * 8) / 37)).toBeLessThan(10);
  });

  it('takes what there is', () => {
    expect(sampleRays(masks, 100_000, createRandom(1))).toHaveLength(2 * (1200 + 9));
    expect(sampleRays(drawMasks([]), 10, createRandom(1))).toHaveLength(0);
    expect(sampleRays(masks, 0, createRandom(1))).toHaveLength(0);
  });

  it('can look outside of the masks, and past tiny ones', () => {
    const some = segmentsAtPixels(masks, sampleRays(masks, 100, createRandom(1), { outside: 0.3 }));
    expect(some.filter((m) => m < 0)).toHaveLength(30);
    const large = segmentsAtPixels(masks, sampleRays(masks, 100, createRandom(1), { minArea: 10 }));
    expect(large.includes(1)).toBe(false);
  });
});

describe('spreadSamples and borderDistance', () => {
  const labels = Int32Array.of(0, 0, 0, 1, 1, 1, -1, 0);

  it('stay inside the segment', () => {
    expect([...spreadSamples(labels, 8, 1, Int32Array.of(0, 0, 5, 0, 2, 0, -1, -1, 9, 9))]).toEqual([
      0, 0, 2, 1, 1, 1, -1, -1,
    ]);
  });

  it('count steps from the border', () => {
    expect([...borderDistance(labels, 8, 1, 4)]).toEqual([2, 1, 0, 0, 1, 0, 0, 0]);
    expect([...borderDistance(new Int32Array(6), 3, 2, 4)]).toEqual([4, 4, 4, 4, 4, 4]);
    const halves = Int32Array.from({ length: 800 }, (_, x) => (x < 400 ? 0 : 1));
    const steps = borderDistance(halves, 800, 1, 300);
    expect([steps[0], steps[150], steps[399], steps[400], steps[799]]).toEqual([300, 249, 0, 0, 300]);
    expect(borderDistance(halves, 800, 1, 2.5)[0]).toBe(2.5);
  });
});

describe('entropySample', () => {
  const one = drawMasks([large]);
  // Sure on the upper half, unsure on the lower.
  const first = sampleRays(one, 100, createRandom(3));
  const entropy = Float32Array.from({ length: 100 }, (_, r) => (first[2 * r + 1]! < 20 ? 0 : 1));

  it('looks where the first rendering was unsure, at borders above all', () => {
    const pixels = entropySample(one, { pixels: first, entropy }, 200, createRandom(4));
    expect(pixels).toHaveLength(400);
    expect(distinct(pixels)).toBe(200);
    let [unsure, atBorder] = [0, 0];
    for (let r = 0; r < 200; r++) {
      if (pixels[2 * r + 1]! >= 19) unsure++;
      if (pixels[2 * r]! >= 27) atBorder++;
    }
    expect(unsure).toBeGreaterThan(170);
    // 3 of 30 columns would be 20 rays.
    expect(atBorder).toBeGreaterThan(30);
  });

  it('repeats no first ray', () => {
    const all = entropySample(one, { pixels: first, entropy }, 100_000, createRandom(4));
    expect(all.length / 2).toBe(1200 - 100);
    expect(distinct(Int32Array.from([...all, ...first]))).toBe(1200);
  });

  it('leaves rejected segments alone', () => {
    const pixels = Int32Array.of(5, 5, 35, 11);
    const labels = fuseSemantics(
      masks,
      pixels,
      {
        numClasses: 2,
        probabilities: Float32Array.of(0.5, 0.5, 0, 1),
        entropy: Float32Array.of(1, 0),
        depth: Float32Array.of(1, 1),
        opacity: Float32Array.of(1, 1),
      },
      { minRays: 1 },
    );
    const more = entropySample(masks, { pixels, entropy: [1, 0] }, 50, createRandom(1), { labels });
    expect([...new Set(segmentsAtPixels(masks, more))]).toEqual([1]);
    expect(more).toHaveLength(16);
  });

  it('throws for pixels and entropies that do not belong together', () => {
    const less = { pixels: first, entropy: entropy.subarray(1) };
    expect(() => entropySample(one, less, 10, createRandom(1))).toThrow(RangeError);
  });

  it('takes no masks and no first rays', () => {
    const nothing = { pixels: new Int32Array(0), entropy: [] };
    expect(entropySample(drawMasks([]), nothing, 10, createRandom(1))).toHaveLength(0);
    expect(entropySample(one, nothing, 10, createRandom(1))).toHaveLength(20);
  });
});
