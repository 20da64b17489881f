import { describe, expect, it } from '@jest/globals';
import { drawMasks } from '../testing/draw.js';
import { keptLabelMap } from './kept-label-map.js';
import { segmentsAtPixels } from './segments-at-pixels.js';
import { toLabelMap } from './to-label-map.js';

const whole = ['####', '####', '....'];
const part = ['....', '.##.', '.#..'];

describe('toLabelMap', () => {
  it('lets parts stand out of wholes, in whatever order they come', () => {
    expect([...toLabelMap(drawMasks([whole, part]))]).toEqual([0, 0, 0, 0, 0, 1, 1, 0, -1, 1, -1, -1]);
    expect([...toLabelMap(drawMasks([part, whole]))]).toEqual([1, 1, 1, 1, 1, 0, 0, 1, -1, 0, -1, -1]);
  });

  it('can prefer the score', () => {
    expect([...toLabelMap(drawMasks([whole, part], [0.9, 0.8]), 'score')]).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, -1, 1, -1, -1,
    ]);
  });

  it('gives equals to the first', () => {
    expect([...toLabelMap(drawMasks([['##'], ['##']]))]).toEqual([0, 0]);
  });

  it('is empty without masks', () => {
    expect([...toLabelMap(drawMasks([]))]).toEqual([-1, -1, -1, -1]);
  });
});

describe('keptLabelMap', () => {
  it('is made once for masks that are asked for again, and anew for others and another priority', () => {
    const [one, other] = [drawMasks([whole, part], [0.9, 0.8]), drawMasks([part, whole])];
    const first = keptLabelMap(one);
    expect(keptLabelMap(one)).toBe(first);
    for (const [masks, priority] of [
      [other, 'smallest'],
      [one, 'score'],
      [one, 'smallest'],
    ] as const)
      expect(keptLabelMap(masks, priority)).toEqual(toLabelMap(masks, priority));
  });
});

describe('segmentsAtPixels', () => {
  it('reads column, row; nothing lies outside of the picture', () => {
    const pixels = Int32Array.of(1, 1, 3, 0, 0, 2, -1, -1, 4, 0, 0, 3);
    expect([...segmentsAtPixels(drawMasks([whole, part]), pixels)]).toEqual([1, 0, -1, -1, -1, -1]);
  });
});
