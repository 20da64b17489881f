import { describe, expect, it } from '@jest/globals';
import { cylinder3dConfig } from './config.js';
import { countParameters } from './count-parameters.js';
import { parameterSpecs } from './parameters.js';

describe('countParameters', () => {
  it.each([
    [32, 20, 55_853_366],
    [32, 17, 55_842_995],
    [16, 20, 14_071_542],
    [16, 17, 14_066_355],
  ])('width %i with %i classes has the published size', (width, numClasses, expected) => {
    expect(countParameters(cylinder3dConfig({ width, numClasses }))).toBe(expected);
    expect(countParameters(cylinder3dConfig({ width, numClasses, kernelMaps: 'released' }))).toBe(expected);
  });

  it('spends 112,802 of them on the point encoder', () => {
    const point = parameterSpecs(cylinder3dConfig({ width: 32, numClasses: 20 })).filter(
      ({ name, trainable }) => trainable && name.startsWith('point.'),
    );
    expect(point.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0)).toBe(112_802);
  });

  it('names every parameter once', () => {
    const names = parameterSpecs(cylinder3dConfig({ width: 4, numClasses: 3 })).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('down2.branchA.conv0.weight');
  });
});
