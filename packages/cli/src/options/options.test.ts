import { describe, expect, it } from '@jest/globals';
import { isLeft } from 'fp-ts/lib/Either.js';
import { checkFrames, frameRanges, spreadFrames } from './frame-ranges.js';
import { gridShapeOf, listOf, positiveNumber, shareOf, sizeOf, wholeNumber } from './numbers.js';
import { elevationsOf } from './scanner.js';
import { settingFlag } from './settings-flag.js';

describe('frame ranges', () => {
  it('reads numbers and ranges, sorted and once each', () => {
    expect(frameRanges('5,0,3-5')).toEqual([0, 3, 4, 5]);
    expect(frameRanges('7')).toEqual([7]);
  });

  it.each(['', 'x', '5-3', '1,', '-1', '1.5', '0-99999999'])('refuses %p', (text) => {
    expect(() => frameRanges(text)).toThrow('frame numbers');
  });

  it('are checked against the data set', () => {
    const result = checkFrames([0, 9], { name: 'few', length: 3 }, '--frames');
    expect(isLeft(result) && result.left).toMatchObject({
      source: 'few',
      found: 'frame 9',
      expected: '0 to 2',
    });
  });

  it('spread evenly', () => {
    expect(spreadFrames(3, 12)).toEqual([0, 1, 2]);
    expect(spreadFrames(100, 4)).toEqual([0, 25, 50, 75]);
  });
});

describe('numbers', () => {
  it('are read in the forms that people write', () => {
    expect(wholeNumber(1)('12')).toBe(12);
    expect(positiveNumber('0.5')).toBe(0.5);
    expect(shareOf('10%')).toBeCloseTo(0.1);
    expect(shareOf('0.25')).toBe(0.25);
    expect(sizeOf('480x270')).toEqual({ width: 480, height: 270 });
    expect(gridShapeOf('240x180x16')).toEqual([240, 180, 16]);
    expect(listOf('a, b,')).toEqual(['a', 'b']);
  });

  it.each([
    [wholeNumber(1), '0'],
    [wholeNumber(0), '1.5'],
    [wholeNumber(0), ''],
    [positiveNumber, '-1'],
    [shareOf, '0'],
    [shareOf, '101%'],
    [sizeOf, '480'],
    [sizeOf, '0x10'],
    [gridShapeOf, '10x10'],
    [listOf, ' , '],
  ])('refuse what makes no sense (%#)', (parse: (text: string) => unknown, text) => {
    expect(() => parse(text)).toThrow('Expected');
  });
});

it('--set collects values as YAML', () => {
  expect(settingFlag('a=0.5', settingFlag('b.c=none', settingFlag('d=[1, 2]')))).toEqual([
    ['d', [1, 2]],
    ['b.c', 'none'],
    ['a', 0.5],
  ]);
  expect(() => settingFlag('novalue')).toThrow('name=value');
});

it('spreads lasers over the real scanner’s field of view', () => {
  const few = elevationsOf('nuscenes', 4);
  const all = elevationsOf('nuscenes', 32);
  expect(few).toHaveLength(4);
  expect(few[0]).toBeCloseTo(all[0]!);
  expect(few[3]).toBeCloseTo(all[31]!);
});
