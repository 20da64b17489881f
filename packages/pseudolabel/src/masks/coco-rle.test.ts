import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compressCounts, expandCounts } from './coco-counts.js';
import { fromCocoRle, toCocoRle } from './coco-rle.js';
import { encodeRuns } from './encode-runs.js';

const bitmaps = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([width, height]) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      bits: fc.array(fc.integer({ min: 0, max: 1 }), {
        minLength: width * height,
        maxLength: width * height,
      }),
    }),
  );

/** Counts of zeros and ones, column after column, one pixel at a time. */
function naiveCounts(bits: readonly number[], width: number, height: number): number[] {
  const counts = [0];
  let inside = 0;
  for (let x = 0; x < width; x++)
    for (let y = 0; y < height; y++) {
      if (bits[y * width + x] !== inside) {
        counts.push(0);
        inside = 1 - inside;
      }
      counts[counts.length - 1]!++;
    }
  return counts;
}

describe('COCO masks', () => {
  it('run column by column', () => {
    // Two rows: .## / .#.
    const runs = encodeRuns([0, 1, 1, 0, 1, 0]);
    expect(toCocoRle(runs, 3, 2, false)).toEqual({ size: [2, 3], counts: [2, 3, 1] });
  });

  it('have the text that maskApi.c makes of them', () => {
    // Worked out by hand from rleToString: 6 = '6'; 1 = '1'; 40 = 8 + 32, then 1: 'X1'; 4 is 3 more than 1 two before: '3'.
    expect(compressCounts([6, 1, 40, 4])).toBe('61X13');
    // 5 less than two before: two's complement 27, no more bits: 48 + 27 = 'K'.
    expect(compressCounts([6, 9, 40, 4])).toBe('69X1K');
    expect(expandCounts('69X1K', 'x')).toEqual({ _tag: 'Right', right: [6, 9, 40, 4] });
  });

  it('go out and come back, counted one by one', () => {
    fc.assert(
      fc.property(bitmaps, ({ width, height, bits }) => {
        const runs = encodeRuns(bits);
        const plain = toCocoRle(runs, width, height, false);
        expect(plain.counts).toEqual(naiveCounts(bits, width, height));
        for (const rle of [plain, toCocoRle(runs, width, height)])
          expect(fromCocoRle(rle)).toEqual({ _tag: 'Right', right: { width, height, runs } });
      }),
      { seed: 7 },
    );
  });

  it('can be of large pictures', () => {
    const counts = [3_000_000, 5, 2_000_000_000, 1, 7, 900_000_000];
    expect(expandCounts(compressCounts(counts), 'x')).toEqual({ _tag: 'Right', right: counts });
  });

  it('that are damaged are told', () => {
    const error = (rle: Parameters<typeof fromCocoRle>[0]): unknown => fromCocoRle(rle, 'a.json');
    const left = (code: string, field: string): object => ({ left: { code, field, source: 'a.json' } });
    expect(error({ size: [2, 3], counts: [2, 3] })).toMatchObject(left('mismatch', 'counts'));
    expect(error({ size: [2, 3], counts: [2, -3, 7] })).toMatchObject(left('malformed', 'counts'));
    expect(error({ size: [2, 3], counts: '2 1' })).toMatchObject(left('malformed', 'counts, character 1'));
    expect(error({ size: [2, 3], counts: '2X' })).toMatchObject(left('malformed', 'counts, character 2'));
    expect(error({ size: [2.5, 3], counts: [] })).toMatchObject(left('malformed', 'size'));
    // As JSON may have it.
    for (const none of [null, undefined, '69X1K'])
      expect(error(none as never)).toMatchObject(left('malformed', 'mask'));
    expect(error({ size: [2, 3] } as never)).toMatchObject(left('malformed', 'counts'));
    expect(error({ counts: [6] } as never)).toMatchObject(left('malformed', 'size'));
    expect(error({ size: [1e6, 1e6], counts: [1e12] })).toMatchObject(left('out-of-range', 'size'));
  });
});
