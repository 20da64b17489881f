import { describe, expect, it } from '@jest/globals';
import type { PixelSemantics } from '@nerfseg/geometry';
import { drawMasks } from '../testing/draw.js';
import { countSegments } from './count-segments.js';
import { fuseSemantics } from './fuse-semantics.js';
import { normalisedEntropy } from './normalised-entropy.js';

/** One row of probabilities per ray; entropies follow. */
const semantics = (rows: number[][], opacity?: number[]): PixelSemantics => ({
  numClasses: rows[0]?.length ?? 3,
  probabilities: Float32Array.from(rows.flat()),
  entropy: Float32Array.from(rows, normalisedEntropy),
  depth: new Float32Array(rows.length).fill(5),
  opacity: Float32Array.from(opacity ?? rows.map(() => 1)),
});

const line = (count: number): Int32Array =>
  Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i / 2 : 0));
const one = [0, 1, 0];
const two = [0, 0, 1];
const unsure = [0.3, 0.4, 0.3];
const loose = { minRays: 1, minCoverage: 0 };

describe('fuseSemantics', () => {
  it('gives the unsure rays of a segment what the sure ones say', () => {
    const masks = drawMasks([['###...'], ['...##.']]);
    const rows = [one, unsure, one, two, two, one];
    const labels = fuseSemantics(masks, line(6), semantics(rows), { minRays: 2 });
    expect([...labels.classOfRay]).toEqual([1, 1, 1, 2, 2, 0]);
    expect([...labels.weightOfRay]).toEqual([1, 1, 1, 1, 1, 0]);
    expect([...labels.segmentOfRay]).toEqual([0, 0, 0, 1, 1, -1]);
    expect(
      labels.segments.map(({ mask, classId, rays, coverage }) => [mask, classId, rays, coverage]),
    ).toEqual([
      [0, 1, 3, 2 / 3],
      [1, 2, 2, 1],
    ]);
    expect(labels.segments[0]!.entropy).toBeCloseTo(0);
  });

  it('rejects a segment whose sure rays contradict one another', () => {
    const masks = drawMasks([['####']]);
    const rows = [one, one, two, two];
    const labels = fuseSemantics(masks, line(4), semantics(rows), loose);
    expect([...labels.classOfRay]).toEqual([0, 0, 0, 0]);
    expect([...labels.weightOfRay]).toEqual([0, 0, 0, 0]);
    expect(labels.segments[0]).toMatchObject({ classId: 0, coverage: 1 });
    // log 2 / log 3
    expect(labels.segments[0]!.entropy).toBeCloseTo(0.6309);
    const tied = fuseSemantics(masks, line(4), semantics(rows), { ...loose, maxSegmentEntropy: 1 });
    expect([...tied.classOfRay]).toEqual([1, 1, 1, 1]);
  });

  it('rejects a segment with too few sure rays, in share and in number', () => {
    const masks = drawMasks([['####']]);
    const rows = [one, unsure, unsure, unsure];
    const classes = (options: object): number[] => [
      ...fuseSemantics(masks, line(4), semantics(rows), options).classOfRay,
    ];
    expect(classes({ minRays: 1, minCoverage: 0.25 })).toEqual([1, 1, 1, 1]);
    expect(classes({ minRays: 1, minCoverage: 0.3 })).toEqual([0, 0, 0, 0]);
    expect(classes({ minRays: 2, minCoverage: 0 })).toEqual([0, 0, 0, 0]);
  });

  it('has thresholds per class, and says what was kept and why the rest was not', () => {
    const masks = drawMasks([['####....'], ['....##..'], ['......#.'], ['.......#']]);
    const rows = [one, one, one, two, two, two, unsure, one];
    const fuse = (options: object) => fuseSemantics(masks, line(8), semantics(rows), options);
    const { segments } = fuse({ minRays: 2, maxSegmentEntropy: 0.35, minCoverage: 0 });
    expect(segments.map((s) => s.rejected)).toEqual(['entropy', undefined, 'unseen', 'rays']);
    const loose = { minRays: 1, maxSegmentEntropy: [0, 0.9, 0.1], minCoverage: [0, 0, 1] };
    expect(fuse(loose).segments.map((s) => s.classId)).toEqual([1, 2, 0, 1]);
    expect(countSegments(segments, 3)).toEqual({
      kept: [
        { segments: 0, rays: 0 },
        { segments: 0, rays: 0 },
        { segments: 1, rays: 2 },
      ],
      rejected: {
        unseen: { segments: 1, rays: 1 },
        rays: { segments: 1, rays: 1 },
        coverage: { segments: 0, rays: 0 },
        entropy: { segments: 1, rays: 4 },
      },
    });
  });

  it('does not hear rays that hit nothing', () => {
    const masks = drawMasks([['####']]);
    const sky = fuseSemantics(masks, line(4), semantics([one, one, one, two], [0.1, 0.1, 0.1, 0.9]), loose);
    expect([...sky.classOfRay]).toEqual([2, 2, 2, 2]);
    const none = fuseSemantics(masks, line(4), semantics([one, one, one, two], [0, 0, 0, 0]), loose);
    expect(none.segments[0]).toMatchObject({ classId: 0, coverage: 0, entropy: 1, rays: 4 });
  });

  it('never answers with class 0', () => {
    const masks = drawMasks([['##']]);
    const ignore = fuseSemantics(
      masks,
      line(2),
      semantics([
        [1, 0, 0],
        [1, 0, 0],
      ]),
      loose,
    );
    expect([...ignore.classOfRay]).toEqual([0, 0]);
  });

  it('lets NaN have no say', () => {
    const masks = drawMasks([['###']]);
    const labels = fuseSemantics(masks, line(3), semantics([[Number.NaN, 0, 0], one, one]), loose);
    expect([...labels.classOfRay]).toEqual([1, 1, 1]);
  });

  it('gives nothing without masks, rays or pixels inside', () => {
    expect([...fuseSemantics(drawMasks([]), line(2), semantics([one, one])).classOfRay]).toEqual([0, 0]);
    const none = fuseSemantics(drawMasks([['##']]), new Int32Array(0), semantics([]));
    expect(none.segments).toEqual([]);
    const outside = fuseSemantics(drawMasks([['##']]), Int32Array.of(-1, -1, 5, 0), semantics([one, one]));
    expect([...outside.segmentOfRay]).toEqual([-1, -1]);
  });

  it('weighs by segment and by class', () => {
    const masks = drawMasks([['###.'], ['...#']]);
    const rows = [one, one, one, two];
    const equal = fuseSemantics(masks, line(4), semantics(rows), { ...loose, weighting: 'segment' });
    expect(Array.from(equal.weightOfRay, (w) => w.toFixed(4))).toEqual([
      '0.6667',
      '0.6667',
      '0.6667',
      '2.0000',
    ]);
    const classWeights = [0, 1, 5];
    const classes = fuseSemantics(masks, line(4), semantics(rows), { ...loose, classWeights });
    expect([...classes.weightOfRay]).toEqual([1, 1, 1, 5]);
  });

  it('refuses arrays that do not belong together', () => {
    expect(() => fuseSemantics(drawMasks([['##']]), line(3), semantics([one, one]))).toThrow(RangeError);
    for (const options of [
      { classWeights: [1] },
      { maxSegmentEntropy: [1, 1] },
      { minCoverage: [0, 0, 0, 0] },
    ])
      expect(() => fuseSemantics(drawMasks([['##']]), line(2), semantics([one, one]), options)).toThrow(
        RangeError,
      );
  });
});
