import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { segmentsAtPixels } from '../masks/segments-at-pixels.js';
import { drawMasks } from '../testing/draw.js';
import { entropyCurve, joinKnownPixels, knownPixels, nothingThere } from './entropy-curve.js';
import { fuseSemantics } from './fuse-semantics.js';
import { normalisedEntropy } from './normalised-entropy.js';

describe('normalisedEntropy', () => {
  it('takes what is no number for knowing nothing, not for certainty', () => {
    expect(
      [
        [1, 0],
        [3, 3],
        [0, 0],
      ].map(normalisedEntropy),
    ).toEqual([0, 1, 1]);
    expect(
      [
        [Number.NaN, 1],
        [0, 5, 5, Number.NaN],
        [Number.POSITIVE_INFINITY, 1],
      ].map(normalisedEntropy),
    ).toEqual([1, 1, 1]);
  });
});

describe('entropyCurve', () => {
  it('is what fusing anew at every threshold gives', () => {
    const random = createRandom(5);
    const masks = drawMasks([
      ['####....', '........'],
      ['....###.', '........'],
      ['.......#', '........'],
      ['........', '########'],
    ]);
    const pixels = Int32Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? (i >> 1) % 8 : i >> 4));
    const thresholds = Array.from({ length: 21 }, (_, i) => i / 20);
    for (let round = 0; round < 50; round++) {
      const rows = Array.from({ length: 16 }, () => {
        const values = [0, random.next() ** 4, random.next() ** 4, random.next() ** 4];
        const all = values.reduce((a, b) => a + b);
        return values.map((value) => value / all);
      });
      const semantics = {
        numClasses: 4,
        probabilities: Float32Array.from(rows.flat()),
        entropy: Float32Array.from(rows, normalisedEntropy),
        depth: new Float32Array(16),
        opacity: Float32Array.from(rows, () => random.next()),
      };
      const truth = Uint8Array.from(rows, () => [0, 1, 2, 3, nothingThere][Math.floor(random.next() * 5)]!);
      const options = { minRays: 1, minCoverage: 0.2, confidentEntropy: 0.8, minOpacity: 0.2 };
      const { segments } = fuseSemantics(masks, pixels, semantics, { ...options, maxSegmentEntropy: 1 });
      const known = knownPixels(segments, segmentsAtPixels(masks, pixels), truth, 4);
      for (const point of entropyCurve(known, thresholds)) {
        const fused = fuseSemantics(masks, pixels, semantics, {
          ...options,
          maxSegmentEntropy: point.threshold,
        });
        const [labelled, correct, onNothing] = [0, 0, 0].map((_, what) =>
          fused.classOfRay.reduce((count, c, r) => {
            const is = [truth[r] !== 0, truth[r] === c, truth[r] === nothingThere][what]!;
            return count + (c !== 0 && is ? 1 : 0);
          }, 0),
        );
        expect(point).toMatchObject({ labelled, correct, onNothing });
        expect(point.segments).toBe(fused.segments.filter(({ classId }) => classId !== 0).length);
        for (let c = 1; c < 4; c++) {
          const given = fused.classOfRay.filter((id, r) => id === c && truth[r] !== 0).length;
          const hit = fused.classOfRay.filter((id, r) => id === c && truth[r] === c).length;
          const there = truth.filter((id) => id === c).length;
          expect(point.precision[c]).toBe(given === 0 ? undefined : hit / given);
          expect(point.recall[c]).toBe(there === 0 ? undefined : hit / there);
        }
      }
    }
  });

  it('joins pictures, counts sky as an error and leaves the unknown out', () => {
    const segment = { mask: 0, classId: 1, entropy: 0.2, coverage: 1, rays: 4 };
    const one = knownPixels([segment], Int32Array.of(0, 0, 0, -1), Uint8Array.of(1, 0, nothingThere, 1), 3);
    const two = knownPixels([{ ...segment, entropy: 0.4 }], Int32Array.of(0, 0), Uint8Array.of(2, 1), 3);
    const curve = entropyCurve(joinKnownPixels([one, two], 3), [0.1, 0.2, 0.4]);
    expect(curve.map(({ labelled, correct, onNothing }) => [labelled, correct, onNothing])).toEqual([
      [0, 0, 0],
      [2, 1, 1],
      [4, 2, 1],
    ]);
    expect(curve.map(({ accuracy, coverage }) => [accuracy, coverage])).toEqual([
      [undefined, 0],
      [0.5, 0.25],
      [0.5, 0.75],
    ]);
    expect(() => knownPixels([], new Int32Array(1), Uint8Array.of(3), 3)).toThrow(RangeError);
  });
});
