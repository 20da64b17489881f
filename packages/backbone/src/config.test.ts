import { describe, expect, it } from '@jest/globals';
import { left, right } from 'fp-ts/lib/Either.js';
import { type Cylinder3dOptions, cylinder3dConfig, levelChannels } from './config.js';
import { parseConfig } from './parse-config.js';

describe('cylinder3dConfig', () => {
  it("fills in the paper's values", () => {
    expect(cylinder3dConfig({ numClasses: 20, width: 32 })).toEqual({
      numClasses: 20,
      width: 32,
      kernelMaps: 'paper',
      pointChannels: 9,
      pointWidths: [64, 128, 256],
      voxelInputChannels: 16,
    });
    expect(levelChannels({ width: 8 })).toEqual([32, 32, 64, 128, 128]);
  });

  it('takes undefined for left out', () => {
    const options = { numClasses: 20, width: 32, pointWidths: undefined, gridShape: undefined };
    expect(cylinder3dConfig(options as unknown as Cylinder3dOptions)).toStrictEqual(
      cylinder3dConfig({ numClasses: 20, width: 32 }),
    );
  });

  it.each([
    { numClasses: 1, width: 8 },
    { numClasses: 300, width: 8 },
    { numClasses: 5, width: 0 },
    { numClasses: 5, width: 2.5 },
    { numClasses: 5, width: 8, pointWidths: [] },
    { numClasses: 5, width: 8, pointWidths: [8, -1] },
    { numClasses: 5, width: 8, gridShape: [4, 4, Number.NaN] as const },
  ])('refuses %j', (options) => {
    expect(() => cylinder3dConfig(options)).toThrow(RangeError);
  });
});

describe('parseConfig', () => {
  it('reads back what a file carries', () => {
    const config = cylinder3dConfig({
      numClasses: 17,
      width: 16,
      gridShape: [240, 180, 20],
      wrapAzimuth: true,
    });
    expect(parseConfig(JSON.stringify(config), 'w.safetensors')).toEqual(right(config));
  });

  it.each([
    ['no json', 'config'],
    ['[]', 'config'],
    ['{"width":8}', 'config.numClasses'],
    ['{"numClasses":5,"width":"8"}', 'config.width'],
    ['{"numClasses":5,"width":8,"depth":3}', 'config.depth'],
    ['{"numClasses":5,"width":8,"pointWidths":["a"]}', 'config.pointWidths'],
    ['{"numClasses":5,"width":8,"gridShape":[1,2]}', 'config.gridShape'],
    ['{"numClasses":5,"width":8,"wrapAzimuth":1}', 'config.wrapAzimuth'],
    ['{"numClasses":5,"width":8,"kernelMaps":"own"}', 'config'],
    ['{"numClasses":5,"width":-8}', 'config'],
  ])('refuses %s', (text, field) => {
    expect(parseConfig(text, 'w.safetensors')).toEqual(
      left(expect.objectContaining({ code: 'malformed', source: 'w.safetensors', field })),
    );
  });
});
