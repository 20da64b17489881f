import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cropCamera } from '../cameras/crop-camera.js';
import { lensDistortion } from '../cameras/lens-distortion.js';
import { pixelRay } from '../cameras/pixel-ray.js';
import { resizeCamera } from '../cameras/resize-camera.js';
import { createRandom } from '../random/create-random.js';
import type { Image, PinholeCamera } from '../types.js';
import { cropImage } from './crop-image.js';
import { image } from './image.js';
import { resizeImage } from './resize-image.js';

const lens = lensDistortion('radial-tangential', [-0.2, 0.05, 0.001, -0.001], 'test');
if (lens._tag === 'Left') throw new Error(lens.left.found);
const camera: PinholeCamera = {
  width: 60,
  height: 40,
  intrinsics: Float64Array.of(50, 0.5, 31, 0, 48, 19, 0, 0, 1),
  distortion: lens.right,
};
const size = fc.integer({ min: 1, max: 130 });

/** A picture whose red is the row, green the column of the ray's direction, as 0..255 over the field of view. */
const picture = (of: PinholeCamera): Image => {
  const made = image(of.width, of.height);
  for (let row = 0; row < of.height; row++)
    for (let column = 0; column < of.width; column++) {
      const [x, y, z] = pixelRay(of, column + 0.5, row + 0.5);
      made.set(row, column, 0, Math.round(127 + (150 * y) / z));
      made.set(row, column, 1, Math.round(127 + (150 * x) / z));
    }
  return made;
};
const largest = (a: Image, b: Image, margin: number): number => {
  const [height, width] = a.shape;
  let worst = 0;
  for (let row = margin; row < height - margin; row++)
    for (let column = margin; column < width - margin; column++)
      for (const channel of [0, 1])
        worst = Math.max(worst, Math.abs(a.get(row, column, channel) - b.get(row, column, channel)));
  return worst;
};

describe('resizing', () => {
  it('keeps every ray on its place of the image', () => {
    fc.assert(
      fc.property(size, size, fc.double({ min: 0, max: 1, noNaN: true }), (width, height, share) => {
        const resized = resizeCamera(camera, width, height);
        const [u, v] = [share * camera.width, (1 - share) * camera.height];
        const ray = pixelRay(resized, (u * width) / camera.width, (v * height) / camera.height);
        pixelRay(camera, u, v).forEach((c, i) => {
          expect(ray[i]).toBeCloseTo(c, 9);
        });
      }),
    );
  });
  it('shows in each pixel what its own ray sees: half a pixel off would be seen', () => {
    for (const [width, height] of [
      [30, 20],
      [120, 80],
      [45, 33],
      [20, 40],
    ]) {
      const expected = picture(resizeCamera(camera, width, height));
      const found = resizeImage(picture(camera), width, height);
      // A pixel of the original spans 3 grey values; what is left is rounding and curvature.
      expect(largest(found, expected, 2)).toBeLessThan(1.5);
    }
  });
  it('averages areas: the mean stays', () => {
    const random = createRandom(2);
    const source = image(
      48,
      36,
      Uint8Array.from({ length: 48 * 36 * 3 }, () => random.int(256)),
    );
    const half = resizeImage(source, 24, 18);
    for (let row = 0; row < 18; row++)
      for (let column = 0; column < 24; column++) {
        const four = [0, 1].flatMap((a) => [0, 1].map((b) => source.get(row * 2 + a, column * 2 + b, 1)));
        expect(half.get(row, column, 1)).toBe(Math.round(four.reduce((s, x) => s + x) / 4));
      }
    expect(Array.from(resizeImage(source, 48, 36).data)).toEqual(Array.from(source.data));
    const one = resizeImage(source, 1, 1);
    const reds = Array.from(source.data).filter((_, i) => i % 3 === 0);
    expect(Math.abs(one.data[0] - reds.reduce((s, x) => s + x) / reds.length)).toBeLessThan(0.51);
  });
  it('keeps an even colour at any size', () => {
    fc.assert(
      fc.property(size, size, size, size, (a, b, width, height) => {
        const even = resizeImage(image(a, b, new Uint8Array(a * b * 3).fill(201)), width, height);
        expect(even.shape).toEqual([height, width, 3]);
        expect(even.data.every((value) => value === 201)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
  it('takes an image from where it begins in its data', () => {
    const random = createRandom(3);
    const whole = image(
      5,
      7,
      Uint8Array.from({ length: 5 * 7 * 3 }, () => random.int(256)),
    );
    const below = whole.lo(2);
    const alone = image(5, 5, whole.data.slice(2 * 5 * 3));
    expect(resizeImage(below, 3, 9).data).toEqual(resizeImage(alone, 3, 9).data);
    const part = { left: 1, top: 1, width: 3, height: 4 };
    expect(cropImage(below, part).data).toEqual(cropImage(alone, part).data);
  });

  it('throws on senseless sizes', () => {
    expect(() => resizeImage(image(2, 2), 0, 3)).toThrow(RangeError);
    expect(() => resizeCamera(camera, 3.5, 3)).toThrow(RangeError);
  });
});

describe('cropping', () => {
  it('shows what the cropped camera sees', () => {
    const part = { left: 7, top: 5, width: 31, height: 22 };
    const cropped = cropCamera(camera, part);
    expect(Array.from(cropImage(picture(camera), part).data)).toEqual(Array.from(picture(cropped).data));
    expect([cropped.width, cropped.height]).toEqual([31, 22]);
    expect(camera.intrinsics[2]).toBe(31);
  });
  it('throws for a part that sticks out', () => {
    for (const part of [
      { left: -1, top: 0, width: 5, height: 5 },
      { left: 56, top: 0, width: 5, height: 5 },
      { left: 0, top: 0.5, width: 5, height: 5 },
      { left: 0, top: 0, width: 0, height: 5 },
    ]) {
      expect(() => cropCamera(camera, part)).toThrow(RangeError);
      expect(() => cropImage(image(60, 40), part)).toThrow(RangeError);
    }
  });
});
