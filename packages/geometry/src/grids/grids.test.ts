import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distance } from '../testing/arbitraries.test.helper.js';
import { azimuthOf } from './azimuth-of.js';
import { cartesianToCylindrical } from './cartesian-to-cylindrical.js';
import { cellCentre } from './cell-centre.js';
import { cellOf } from './cell-of.js';
import { cellsOf } from './cells-of.js';
import { cylindricalGrid } from './cylindrical-grid.js';
import { cylindricalToCartesian } from './cylindrical-to-cartesian.js';

const grid = cylindricalGrid('semantickitti');

describe('cylindricalGrid and cellsOf', () => {
  it('knows the two presets', () => {
    expect(grid).toMatchObject({
      rho: [0, 50],
      phi: [-Math.PI, Math.PI],
      z: [-4, 2],
      shape: [480, 360, 32],
      interval: 'plain',
    });
    expect(cylindricalGrid('nuscenes').z).toEqual([-5, 3]);
    expect(cylindricalGrid('nuscenes', { shape: [240, 180, 20] }).shape).toEqual([240, 180, 20]);
  });
  it('divides the range into shape, or shape - 1, cells', () => {
    expect(distance(cellsOf(grid).interval, [50 / 480, (2 * Math.PI) / 360, 6 / 32])).toBeLessThan(1e-15);
    expect(cellsOf(grid).min).toEqual([0, -Math.PI, -4]);
    const released = cellsOf(cylindricalGrid('nuscenes', { interval: 'released' }));
    expect(distance(released.interval, [50 / 479, (2 * Math.PI) / 359, 8 / 31])).toBeLessThan(1e-15);
  });
  it('throws on what is no grid', () => {
    expect(() => cylindricalGrid('nuscenes', { shape: [480, 0, 32] })).toThrow(/shape/);
    expect(() => cylindricalGrid('nuscenes', { shape: [480, 1.5, 32] })).toThrow(/shape/);
    expect(() => cylindricalGrid('nuscenes', { shape: [480, 360, 1], interval: 'released' })).toThrow(
      /at least 2/,
    );
    expect(() => cylindricalGrid('nuscenes', { z: [3, 3] })).toThrow(/range/);
    expect(() => cylindricalGrid('nuscenes', { z: [0, Number.NaN] })).toThrow(/range/);
    expect(() => cylindricalGrid('nuscenes', { rho: [-1, 50] })).toThrow(/rho/);
    expect(() => cylindricalGrid('nuscenes', { phi: [0, 7] })).toThrow(/-pi to pi/);
    // azimuthOf has none beyond pi: half of the scan would be in the first cell.
    expect(() => cylindricalGrid('nuscenes', { phi: [0, 2 * Math.PI] })).toThrow(/-pi to pi/);
    const wrapAzimuth = true;
    expect(() => cylindricalGrid('nuscenes', { wrapAzimuth, interval: 'released' })).toThrow(/cannot wrap/);
    expect(() => cylindricalGrid('nuscenes', { wrapAzimuth, phi: [-1, 1] })).toThrow(/no full turn/);
    expect(() => cylindricalGrid('nuscenes', { shape: [2048, 2048, 512] })).toThrow(/cells/);
  });
});

describe('cellOf, cellCentre and the two coordinate systems', () => {
  it('find the cell of its own centre', () => {
    const shape = [480, 360, 32] as const;
    const index = shape.map((cells) => fc.integer({ min: 0, max: cells - 2 }));
    for (const interval of ['plain', 'released'] as const)
      fc.assert(
        fc.property(fc.tuple(index[0], index[1], index[2]), (cell) => {
          const chosen = cylindricalGrid('nuscenes', { interval });
          const [x, y, z] = cylindricalToCartesian(...cellCentre(chosen, cell));
          expect(cellOf(chosen, x, y, z)).toEqual(cell);
          expect(cellOf(chosen, x, y, z, 'drop')).toEqual(cell);
        }),
      );
  });
  it('clamp or leave out what is outside', () => {
    expect(cellOf(grid, 60, 0.001, 5)).toEqual([479, 180, 31]);
    expect(cellOf(grid, 1, 0.001, -9)).toEqual([9, 180, 0]);
    expect(cellOf(grid, 60, 0, 0, 'drop')).toBeUndefined();
    expect(cellOf(grid, 1, 0, 2.01, 'drop')).toBeUndefined();
    const ahead = cylindricalGrid('semantickitti', { phi: [-1, 1] });
    expect(cellOf(ahead, -1, 0, 0, 'drop')).toBeUndefined();
  });
  it('give the upper bounds to the last cells', () => {
    expect(cellOf(grid, -50, 0, 2)).toEqual([479, 359, 31]);
    expect(cellOf(grid, -50, 0, 2, 'drop')).toEqual([479, 359, 31]);
    expect(cellOf(cylindricalGrid('semantickitti', { interval: 'released' }), -50, 0, 2)).toEqual([
      479, 359, 31,
    ]);
  });
  it('convert there and back', () => {
    const coordinate = fc.double({ min: -80, max: 80, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, (x, y, z) => {
        const [rho, phi, height] = cartesianToCylindrical(x, y, z);
        expect(rho).toBeGreaterThanOrEqual(0);
        expect(distance(cylindricalToCartesian(rho, phi, height), [x, y, z])).toBeLessThan(1e-12);
      }),
    );
  });
});

describe('azimuthOf', () => {
  const special = [0, -0, 1, -1, 5e-324, -1e-300, 1e308, -1.7e308, Number.POSITIVE_INFINITY, Number.NaN];
  it('is atan2, exactly for zeros, infinities, NaN and along the axes', () => {
    for (const y of special)
      for (const x of special) {
        expect(
          Object.is(azimuthOf(y, x), Math.atan2(y, x)) ||
            Math.abs(azimuthOf(y, x) - Math.atan2(y, x)) < 1e-15,
        ).toBe(true);
        if (x === 0 || y === 0) expect(azimuthOf(y, x)).toBe(Math.atan2(y, x));
      }
  });
  it('is atan2 to within 1e-15 everywhere', () => {
    const any = fc.oneof(
      fc.double({ min: -100, max: 100, noNaN: true }),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(any, any, (y, x) => {
        expect(Math.abs(azimuthOf(y, x) - Math.atan2(y, x))).toBeLessThan(1e-15);
      }),
      { numRuns: 2000 },
    );
  });
});
