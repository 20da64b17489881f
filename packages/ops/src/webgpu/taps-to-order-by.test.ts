import { describe, expect, it } from '@jest/globals';
import type { KernelMap, KernelMapPart } from '../kernels.js';
import { tapsToOrderBy } from './taps-to-order-by.js';

const cube: readonly (readonly [number, number, number])[] = Array.from({ length: 27 }, (_, t) => [
  Math.floor(t / 9),
  Math.floor(t / 3) % 3,
  t % 3,
]);

const mapOf = (taps: typeof cube, same: boolean): KernelMap => {
  const inCoords = new Int32Array(0);
  const part = { taps, padding: [1, 1, 1], inCoords, outCoords: same ? inCoords : new Int32Array(0) };
  return { taps: taps.length, parts: [part as unknown as KernelMapPart] } as unknown as KernelMap;
};

describe('tapsToOrderBy', () => {
  it('takes the far taps of outputs and the near ones of inputs, 20 at most', () => {
    const outputs = tapsToOrderBy(mapOf(cube, false), false);
    expect(outputs).toHaveLength(20);
    expect(outputs.slice(0, 8)).toEqual([0, 2, 6, 8, 18, 20, 24, 26]);
    expect(tapsToOrderBy(mapOf(cube, false), true).slice(0, 7)).toEqual([13, 4, 10, 12, 14, 16, 22]);
  });

  it('leaves out the tap from a voxel to itself', () => {
    const line = cube.filter(([rho, phi]) => rho === 1 && phi === 1);
    expect(tapsToOrderBy(mapOf(line, true), false)).toEqual([0, 2]);
    expect(tapsToOrderBy(mapOf(line, false), false)).toEqual([0, 2, 1]);
  });

  it('takes the last taps where it does not know where they lead', () => {
    expect(tapsToOrderBy({ taps: 30 } as KernelMap, false)[0]).toBe(29);
    expect(tapsToOrderBy({ taps: 30 } as KernelMap, false)).toHaveLength(20);
  });
});
