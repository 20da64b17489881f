import { describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { toCandidate } from './candidate.js';
import { trackCoverage } from './coverage.js';
import { cropBoxes } from './crop-boxes.js';
import { findSamWeights } from './find-weights.js';
import { samPresets } from './options.js';
import { prepareImage } from './prepare-image.js';
import { promptGrid } from './prompt-grid.js';
import { concatBytes, readFields, writeField } from './protobuf.js';
import { rasterise } from './rasterise.js';
import { resample } from './resample.js';
import { axisTaps } from './upsample.js';

describe('promptGrid', () => {
  it('keeps one spacing, coarse to fine', () => {
    const points = promptGrid(160, 90, 0, samPresets.fast);
    expect(points).toHaveLength(32 * 18);
    expect(points.filter((p) => p.level === 3)).toContainEqual({ x: 22.5, y: 22.5, level: 3 });
    expect(points.map((p) => p.level)).toEqual(points.map((p) => p.level).toSorted((a, b) => b - a));
    expect(new Set(points.map((p) => `${p.x} ${p.y}`)).size).toBe(points.length);
    expect(points.filter((p) => p.level === 0).length / points.length).toBeCloseTo(3 / 4, 2);
  });

  it('can be the square grid of the original, and is never empty', () => {
    const square = { ...samPresets.thorough, pointsPerSide: 8 };
    const points = promptGrid(160, 80, 0, square);
    expect(points).toHaveLength(64);
    expect(points.slice(0, 2)).toMatchObject([
      { x: 10, y: 5 },
      { x: 30, y: 5 },
    ]);
    expect(promptGrid(160, 80, 2, { ...square, cropPointsDownscale: 2 })).toHaveLength(4);
    expect(promptGrid(1000, 1, 0, { ...samPresets.fast, pointsPerSide: 4 })).toHaveLength(4);
    expect(promptGrid(1, 1, 0, { ...square, pointsPerSide: 1 })).toMatchObject([{ x: 0.5, y: 0.5 }]);
  });

  it('can be replaced, layer by layer', () => {
    const settings = {
      ...samPresets.fast,
      pointGrids: [
        [[0.5, 0.25]],
        [
          [0, 1],
          [1, 0],
        ],
      ] as const,
    };
    expect(promptGrid(100, 80, 0, settings)).toEqual([{ x: 50, y: 20, level: 0 }]);
    expect(promptGrid(10, 8, 2, settings)).toMatchObject([
      { x: 0, y: 8 },
      { x: 10, y: 0 },
    ]);
  });
});

describe('cropBoxes', () => {
  it('overlap and cover the picture', () => {
    const boxes = cropBoxes(1500, 1000, 1, 512 / 1500);
    expect(boxes).toHaveLength(5);
    expect(boxes[0]).toEqual({ x0: 0, y0: 0, x1: 1500, y1: 1000, layer: 0 });
    // Column by column.
    const [, first, , second, last] = boxes;
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

const sam = { family: 'sam', input: { name: 'x', layout: 'planes' } } as const;

describe('prepareImage', () => {
  it('stretches for SAM 2, and leaves pixels to encoders that want them', () => {
    const data = new Uint8Array(64 * 36 * 3).fill(200);
    const stretched = prepareImage({ width: 64, height: 36, data }, { ...sam, family: 'sam2' });
    expect([stretched.width, stretched.height, stretched.scaleX]).toEqual([1024, 1024, 16]);
    expect(stretched.input[1024 * 1024 - 1]).toBeCloseTo((200 - 123.675) / 58.395, 4);
    const plain = prepareImage(
      { width: 64, height: 36, data },
      { ...sam, input: { name: 'x', layout: 'pixels' } },
    );
    expect(plain.dims).toEqual([576, 1024, 3]);
    expect(plain.input[5]).toBeCloseTo(200, 4);
  });

  it('normalises, scales to 1024 and pads with zeros', () => {
    const data = Uint8Array.from({ length: 64 * 36 * 3 }, (_, i) => [124, 0, 255][i % 3]!);
    const { input, width, height, scaleX } = prepareImage({ width: 64, height: 36, data }, sam);
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
const filter = { minStability: 0.8, stabilityOffset: 1, maskThreshold: 0 };
/** A picture of 256 x 192 pixels that fills the map of 64 x 48, as SAM 2 enlarges. */
const frame = {
  mapWidth: 64,
  validWidth: 64,
  validHeight: 48,
  columns: axisTaps(256, 0, 64, false),
  rows: axisTaps(192, 0, 48, false),
};

describe('axisTaps', () => {
  it.each([true, false])('weigh to 1 (twice: %s)', (viaInput) => {
    const { start, weights } = axisTaps(37, 300, 80, viaInput);
    for (let i = 0; i < 37; i++) {
      expect(weights[3 * i]! + weights[3 * i + 1]! + weights[3 * i + 2]!).toBeCloseTo(1, 6);
      expect(start[i]).toBeGreaterThanOrEqual(0);
      expect(start[i]! + 2).toBeLessThan(80);
    }
  });
});

describe('toCandidate and rasterise', () => {
  it('filter by stability and emptiness', () => {
    const candidate = toCandidate(disc(5), 0.9, frame, filter)!;
    expect(candidate.area / (Math.PI * 40 * 40)).toBeCloseTo(1, 2);
    expect(candidate.box).toEqual([82, 42, 161, 121]);
    expect(toCandidate(disc(0.5), 0.9, frame, filter)).toBeUndefined();
    expect(toCandidate(new Float32Array(64 * 48).fill(-9), 0.9, frame, filter)).toBeUndefined();
  });

  it('enlarge the disc to where it belongs', () => {
    const candidate = toCandidate(disc(5), 0.9, frame, filter)!;
    const crop = { x0: 100, y0: 50, x1: 100 + 256, y1: 50 + 192, layer: 1 };
    const bitmap = rasterise(candidate, frame, crop, 0, 400, 300);
    expect(bitmap.reduce((sum, inside) => sum + inside, 0)).toBe(candidate.area);
    let wrong = 0;
    for (let y = 0; y < 300; y++)
      for (let x = 0; x < 400; x++) {
        // The centre of logit pixel 30, 20 is at (30.5 * 4, 20.5 * 4) in the crop.
        const distance = Math.hypot(x + 0.5 - 100 - 122, y + 0.5 - 50 - 82);
        if (Math.abs(distance - 40) > 1 && bitmap[y * 400 + x] !== Number(distance < 40)) wrong++;
      }
    expect(wrong).toBe(0);
  });

  it('cover prompts', () => {
    const candidate = toCandidate(disc(5), 0.9, frame, filter)!;
    for (const [limit, level0, level1] of [
      [0.5, true, true],
      [0.05, true, false],
    ] as const) {
      const coverage = trackCoverage(64, 48, 256 * 192, limit, 0);
      expect(coverage.spares(30, 20, 0)).toBe(false);
      coverage.add(candidate);
      expect(coverage.spares(30, 20, 0)).toBe(level0);
      expect(coverage.spares(30, 20, 1)).toBe(level1);
      expect(coverage.spares(5, 5, 0)).toBe(false);
    }
    const whole = trackCoverage(64, 48, 5000, 0.5, 0);
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
});

describe('findSamWeights', () => {
  it('names the file that is missing and what to do', () => {
    const found = findSamWeights({ encoder: 'no/such/encoder.onnx' });
    expect(isLeft(found)).toBe(true);
    expect(found).toMatchObject({ left: { code: 'missing-file', source: 'no/such/encoder.onnx' } });
  });

  it('that the environment names are no stand-in: a wrong path is an error of its own', () => {
    process.env.NERFSEG_SAM_DECODER = 'no/such/decoder.onnx';
    try {
      expect(findSamWeights()).toMatchObject({
        left: { code: 'missing-file', source: 'no/such/decoder.onnx' },
      });
    } finally {
      delete process.env.NERFSEG_SAM_DECODER;
    }
  });

  it('takes an empty variable for one that is not set', () => {
    const usual = findSamWeights();
    process.env.NERFSEG_SAM_ENCODER = '';
    process.env.NERFSEG_SAM_DECODER = '';
    try {
      expect(findSamWeights()).toEqual(usual);
    } finally {
      delete process.env.NERFSEG_SAM_ENCODER;
      delete process.env.NERFSEG_SAM_DECODER;
    }
  });
});
