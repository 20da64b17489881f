import { describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { adaptDecoder } from './adapt-decoder.js';
import { toCandidate } from './candidate.js';
import { trackCoverage } from './coverage.js';
import { cropBoxes } from './crop-boxes.js';
import { enlarge } from './enlarge.js';
import { findSamWeights } from './find-weights.js';
import { prepareImage } from './prepare-image.js';
import { promptGrid } from './prompt-grid.js';
import { concatBytes, readFields, writeField } from './protobuf.js';
import { resample } from './resample.js';

describe('promptGrid', () => {
  it('keeps one spacing, coarse to fine', () => {
    const points = promptGrid(160, 90, 32);
    expect(points).toHaveLength(32 * 18);
    expect(points[0]).toEqual({ x: 22.5, y: 22.5, level: 3 });
    expect(points.map((p) => p.level)).toEqual(points.map((p) => p.level).toSorted((a, b) => b - a));
    expect(new Set(points.map((p) => `${p.x} ${p.y}`)).size).toBe(points.length);
    expect(points.filter((p) => p.level === 0).length / points.length).toBeCloseTo(3 / 4, 2);
  });

  it('can be the square grid of the original, and is never empty', () => {
    expect(promptGrid(160, 90, 8, true)).toHaveLength(64);
    expect(promptGrid(1000, 1, 4)).toHaveLength(4);
    expect(promptGrid(1, 1, 1)).toMatchObject([{ x: 0.5, y: 0.5 }]);
  });
});

describe('cropBoxes', () => {
  it('overlap and cover the picture', () => {
    const boxes = cropBoxes(1500, 1000, 1, 512 / 1500);
    expect(boxes).toHaveLength(5);
    expect(boxes[0]).toEqual({ x0: 0, y0: 0, x1: 1500, y1: 1000 });
    const [, first, second, , last] = boxes;
    // 512/1500 of 1000 pixels, in integers.
    expect(first!.x1 - second!.x0).toBe(341);
    expect([last!.x1, last!.y1]).toEqual([1500, 1000]);
    expect(cropBoxes(50, 40, 2, 0.3)).toHaveLength(21);
  });
});

/** What resampling means, pixel by pixel. */
function triangle(source: number[], size: number): number[] {
  const scale = source.length / size;
  const radius = Math.max(1, scale);
  return Array.from({ length: size }, (_, i) => {
    const weights = source.map((_, k) => Math.max(0, 1 - Math.abs(k + 0.5 - (i + 0.5) * scale) / radius));
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.reduce((total, w, k) => total + (w * source[k]!) / sum, 0);
  });
}

describe('resample', () => {
  it.each([3, 7, 8, 19])('is a triangle filter along either axis (8 -> %i)', (size) => {
    const line = [0, 10, 200, 30, 255, 60, 7, 8];
    const rgb = Uint8Array.from(line.flatMap((value) => [value, value, value]));
    const expected = triangle(line, size);
    for (const result of [resample(rgb, 8, 1, size, 1), resample(rgb, 1, 8, 1, size)])
      expected.forEach((value, i) => {
        expect(result[3 * i + 1]).toBeCloseTo(value, 3);
      });
  });
});

describe('prepareImage', () => {
  it('normalises, scales to 1024 and pads with zeros', () => {
    const data = Uint8Array.from({ length: 64 * 36 * 3 }, (_, i) => [124, 0, 255][i % 3]!);
    const { input, width, height, scaleX } = prepareImage({ width: 64, height: 36, data });
    expect([width, height, scaleX]).toEqual([1024, 576, 16]);
    const at = (c: number, x: number, y: number): number => input[c * 1024 * 1024 + y * 1024 + x]!;
    expect(at(0, 500, 300)).toBeCloseTo((124 - 123.675) / 58.395, 4);
    expect(at(1, 1023, 575)).toBeCloseTo(-116.28 / 57.12, 4);
    expect(at(2, 0, 0)).toBeCloseTo((255 - 103.53) / 57.375, 4);
    expect(at(2, 0, 576)).toBe(0);
  });
});

/** Logits of a disc in a map of 64 x 48, steep by `slope` per pixel. */
const disc = (slope: number): Float32Array =>
  Float32Array.from(
    { length: 64 * 48 },
    (_, i) => slope * (10 - Math.hypot((i % 64) - 30, Math.floor(i / 64) - 20)),
  );
const filter = { minPredictedIou: 0.8, minStability: 0.8, stabilityOffset: 1 };

describe('toCandidate and enlarge', () => {
  it('filter by score, stability and emptiness', () => {
    expect(toCandidate(disc(5), 64, 0.9, 64, 48, filter)).toMatchObject({ box: [21, 11, 40, 30] });
    expect(toCandidate(disc(5), 64, 0.7, 64, 48, filter)).toBeUndefined();
    expect(toCandidate(disc(0.5), 64, 0.9, 64, 48, filter)).toBeUndefined();
    expect(toCandidate(disc(5), 64, 0.9, 20, 10, filter)).toBeUndefined();
  });

  it('enlarge the disc to where it belongs', () => {
    const candidate = toCandidate(disc(5), 64, 0.9, 64, 48, filter)!;
    const crop = { x0: 100, y0: 50, x1: 100 + 256, y1: 50 + 192 };
    const bitmap = enlarge(candidate, crop, { scaleX: 0.25, scaleY: 0.25 }, 400, 300);
    let wrong = 0;
    for (let y = 0; y < 300; y++)
      for (let x = 0; x < 400; x++) {
        // The centre of logit pixel 30, 20 is at (30.5 / 0.25, 20.5 / 0.25) in the crop.
        const distance = Math.hypot(x + 0.5 - 100 - 122, y + 0.5 - 50 - 82);
        if (Math.abs(distance - 40) > 1 && bitmap[y * 400 + x] !== Number(distance < 40)) wrong++;
      }
    expect(wrong).toBe(0);
  });

  it('cover prompts', () => {
    const candidate = toCandidate(disc(5), 64, 0.9, 64, 48, filter)!;
    for (const [limit, level0, level1] of [
      [0.5, true, true],
      [0.05, true, false],
    ] as const) {
      const coverage = trackCoverage(64, 48, 64 * 48, limit);
      expect(coverage.spares(30, 20, 0)).toBe(false);
      coverage.add(candidate);
      expect(coverage.spares(30, 20, 0)).toBe(level0);
      expect(coverage.spares(30, 20, 1)).toBe(level1);
      expect(coverage.spares(5, 5, 0)).toBe(false);
    }
    const whole = trackCoverage(64, 48, 300, 0.5);
    whole.add(candidate);
    expect(whole.spares(30, 20, 0)).toBe(false);
  });
});

describe('protobuf', () => {
  it('reads what it writes, and skips over what it need not know', () => {
    const message = concatBytes([
      Uint8Array.of(8, 0xac, 0x02),
      writeField(2, new Uint8Array(300).fill(7)),
      Uint8Array.of(0x1d, 1, 2, 3, 4),
      Uint8Array.of(0x21, 1, 2, 3, 4, 5, 6, 7, 8),
    ]);
    const fields = readFields(message);
    expect(fields.map((field) => [field.number, field.content.length])).toEqual([
      [1, 0],
      [2, 300],
      [3, 0],
      [4, 0],
    ]);
    expect(concatBytes(fields.map((field) => field.bytes))).toEqual(message);
  });

  it('refuses what is no message', () => {
    expect(() => readFields(Uint8Array.of(0x12, 100, 1))).toThrow(RangeError);
    expect(() => readFields(Uint8Array.of(0x80))).toThrow(RangeError);
    expect(() => readFields(Uint8Array.of(0x0b))).toThrow(RangeError);
  });

  it('leaves a decoder alone that it does not know', () => {
    expect(adaptDecoder(new Uint8Array(0), 64, 64)).toBeUndefined();
    const graph = writeField(7, writeField(1, writeField(2, new TextEncoder().encode('masks'))));
    expect(adaptDecoder(graph, 64, 64)).toBeUndefined();
  });
});

describe('findSamWeights', () => {
  it('names the file that is missing and what to do', () => {
    const found = findSamWeights({ encoder: 'no/such/encoder.onnx' });
    expect(isLeft(found)).toBe(true);
    expect(found).toMatchObject({ left: { code: 'unavailable', source: 'no/such/encoder.onnx' } });
  });
});
