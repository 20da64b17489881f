import { describe, expect, it } from '@jest/globals';
import { image } from './image.js';

describe('image', () => {
  it('is [height, width, 3], row by row, over the given bytes', () => {
    const data = Uint8Array.from({ length: 18 }, (_, i) => i);
    const picture = image(3, 2, data);
    expect(picture.shape).toEqual([2, 3, 3]);
    expect(picture.get(1, 2, 1)).toBe(16);
    expect(picture.data).toBe(data);
  });
  it('is black without data', () => {
    expect(Array.from(image(1, 1).data)).toEqual([0, 0, 0]);
  });
  it('throws on wrong sizes', () => {
    expect(() => image(2, 2, new Uint8Array(11))).toThrow(RangeError);
    expect(() => image(0, 2)).toThrow(RangeError);
    expect(() => image(1.5, 2)).toThrow(RangeError);
  });
});
