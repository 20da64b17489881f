import { describe, expect, it } from '@jest/globals';
import { type Image, image, type LabelSpace, type SegmentMasks } from '@nerfseg/geometry';
import { drawBirdsEye } from './birds-eye.js';
import { drawCameraPoints } from './camera-points.js';
import {
  blank,
  blend,
  type Color,
  enlarged,
  fillRectangle,
  heightOf,
  place,
  shrunk,
  widthOf,
} from './canvas.js';
import { background, classColors, depthColor, entropyColor, unlabelled } from './colors.js';
import { drawDisc } from './disc.js';
import { drawMasks } from './draw-masks.js';
import { glyphHeight, glyphWidth } from './glyphs.js';
import { legend, legendOf } from './legend.js';
import { page } from './panels.js';
import { classesOfRays, drawClasses, drawEntropy, drawSemantics, skyColor } from './rendered-views.js';
import { drawText, textWidth } from './text.js';

const red: Color = [255, 0, 0];
const at = (picture: Image, x: number, y: number): number[] =>
  Array.from(picture.data.subarray((y * widthOf(picture) + x) * 3, (y * widthOf(picture) + x) * 3 + 3));
const size = (picture: Image): number[] => [widthOf(picture), heightOf(picture)];

const space: LabelSpace = {
  name: 'two',
  names: ['ignore', 'car', 'road'],
  colors: [
    [0, 0, 0],
    [200, 100, 50],
    [20, 0, 20],
  ],
  ignore: 0,
};

describe('canvas', () => {
  it('blends, fills and clips', () => {
    const picture = blank(4, 3, [10, 20, 30]);
    blend(picture, 1, 1, red, 0.5);
    blend(picture, -1, 0, red);
    blend(picture, 4, 0, red);
    expect(at(picture, 1, 1)).toEqual([133, 10, 15]);
    fillRectangle(picture, 2, 2, 10, 10, red);
    expect(at(picture, 3, 2)).toEqual([255, 0, 0]);
    expect(at(picture, 0, 0)).toEqual([10, 20, 30]);
  });

  it('places pictures, cut at the edges', () => {
    const target = blank(4, 4, [0, 0, 0]);
    place(target, blank(3, 3, red), -1, 2);
    expect(at(target, 1, 2)).toEqual([255, 0, 0]);
    expect(at(target, 2, 2)).toEqual([0, 0, 0]);
    expect(at(target, 0, 1)).toEqual([0, 0, 0]);
  });

  it('enlarges and shrinks by whole factors', () => {
    const small = image(2, 1, Uint8Array.of(0, 0, 0, 100, 200, 50));
    const large = enlarged(small, 3);
    expect(size(large)).toEqual([6, 3]);
    expect(at(large, 3, 2)).toEqual([100, 200, 50]);
    expect(Array.from(shrunk(large, 3).data)).toEqual(Array.from(small.data));
    expect(at(shrunk(small, 1), 1, 0)).toEqual([100, 200, 50]);
  });
});

describe('marks', () => {
  it('discs are round, centred and anti-aliased', () => {
    const picture = blank(9, 9, [0, 0, 0]);
    drawDisc(picture, 4.5, 4.5, 2, [200, 200, 200]);
    expect(at(picture, 4, 4)).toEqual([200, 200, 200]);
    expect(at(picture, 0, 4)).toEqual([0, 0, 0]);
    expect(at(picture, 6, 4)).toEqual(at(picture, 2, 4));
    expect(at(picture, 4, 6)).toEqual(at(picture, 6, 4));
    expect(at(picture, 6, 6)[0]).toBeLessThan(at(picture, 6, 4)[0]!);
  });

  it('text has ink for every letter and none for a space', () => {
    const picture = blank(textWidth('H i'), glyphHeight, [0, 0, 0]);
    drawText(picture, 0, 0, 'H i', [255, 255, 255]);
    const ink = (from: number): number => {
      let sum = 0;
      for (let y = 0; y < glyphHeight; y++)
        for (let x = from; x < from + glyphWidth; x++) sum += at(picture, x, y)[0]!;
      return sum;
    };
    expect(ink(0)).toBeGreaterThan(1000);
    expect(ink(glyphWidth)).toBe(0);
    expect(ink(2 * glyphWidth)).toBeGreaterThan(500);
  });
});

describe('colours', () => {
  it('dark classes are lifted off the background, bright ones are left', () => {
    const colors = classColors(space);
    expect(colors[0]).toEqual(unlabelled);
    expect(colors[1]).toEqual([200, 100, 50]);
    expect(Math.min(...colors[2]!)).toBeGreaterThan(60);
  });

  it('near and far, sure and unsure are told apart', () => {
    expect(depthColor(2)[0]).toBeGreaterThan(depthColor(2)[2]);
    expect(depthColor(60)[2]).toBeGreaterThan(depthColor(60)[0]);
    expect(entropyColor(1)[0]).toBeGreaterThan(entropyColor(0)[0]);
  });
});

it('a sweep from above has points ahead at the top, on the right side', () => {
  const ahead = Float32Array.of(10, 0, 0);
  const options = { range: 20, size: 81 } as const;
  const kitti = drawBirdsEye(ahead, () => red, { ...options, forward: 'x' });
  expect(at(kitti, 40, 20)[0]).toBeGreaterThan(200);
  const nuscenes = drawBirdsEye(ahead, () => red, { ...options, forward: 'y' });
  expect(at(nuscenes, 60, 40)[0]).toBeGreaterThan(200);
});

it('near points cover far ones in a camera', () => {
  const sweep = {
    u: Float32Array.of(5.5, 5.5),
    v: Float32Array.of(5.5, 5.5),
    depth: Float32Array.of(3, 30),
    order: Int32Array.of(1, 0),
  };
  const drawn = drawCameraPoints(blank(11, 11, [0, 0, 0]), sweep, (i) => [i === 0 ? red : [0, 255, 0], 1], 2);
  expect(at(drawn, 5, 5)).toEqual([255, 0, 0]);
});

it('masks tint their pixels and have a light border', () => {
  const masks: SegmentMasks = {
    width: 6,
    height: 4,
    masks: [Uint32Array.of(0, 12, 12)],
    score: Float32Array.of(1),
    area: Uint32Array.of(12),
    box: Int32Array.of(0, 0, 6, 2),
  };
  const drawn = drawMasks(blank(6, 4, [100, 100, 100]), masks, () => red, 0.5);
  expect(at(drawn, 2, 0)).toEqual([178, 50, 50]);
  expect(at(drawn, 2, 3)).toEqual([70, 70, 70]);
  expect(at(drawn, 2, 1)[1]).toBeGreaterThan(150);
});

describe('pages', () => {
  it('a legend lists the classes that occur, unlabelled last', () => {
    const entries = legendOf(space.names, classColors(space), [0, 2, 2]);
    expect(entries.map(({ name }) => name)).toEqual(['road', 'unlabelled']);
    const narrow = legend(entries, 120);
    expect(heightOf(narrow)).toBeGreaterThan(heightOf(legend(entries, 400)));
  });

  it('panels stand side by side under their titles', () => {
    const panel = { title: 'one', picture: blank(50, 20, red) };
    const sheet = page('heading', [panel, panel, panel], 2);
    expect(widthOf(sheet)).toBe(8 + 2 * (50 + 8));
    const empty = page('', [{ title: '', picture: blank(50, 20, red) }], 1);
    expect(size(empty)).toEqual([66, 36]);
    expect(at(empty, 8, 8)).toEqual([255, 0, 0]);
    expect(at(empty, 0, 0)).toEqual([...background]);
  });
});

describe('rendered views', () => {
  const semantics = {
    numClasses: 3,
    probabilities: Float32Array.of(0, 1, 0, 0, 0, 1),
    entropy: Float32Array.of(0, 1),
    depth: Float32Array.of(1, 1),
    opacity: Float32Array.of(1, 0.1),
  };

  it('show the likeliest class, and sky where nothing is', () => {
    const classes = classesOfRays(semantics, 0.5);
    expect([...classes]).toEqual([1, 0]);
    const drawn = drawSemantics(classes, space, 2, 4);
    expect(size(drawn)).toEqual([8, 4]);
    expect(at(drawn, 0, 0)).toEqual([200, 100, 50]);
    expect(at(drawn, 7, 3)).toEqual([...skyColor]);
  });

  it('show entropy and true classes', () => {
    expect(at(drawEntropy(semantics, 2, 1), 0, 0)).toEqual([...entropyColor(0)]);
    expect(at(drawClasses(Uint8Array.of(1, 255), 2, space), 1, 0)).toEqual([...skyColor]);
  });
});
