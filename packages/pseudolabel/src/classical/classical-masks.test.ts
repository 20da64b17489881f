import { describe, expect, it } from '@jest/globals';
import { createRandom, image } from '@nerfseg/geometry';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { maskPurity } from '../masks/mask-purity.js';
import { toLabelMap } from '../masks/to-label-map.js';
import { drawImage } from '../testing/draw.js';
import { classicalMasks } from './classical-masks.js';

const random = createRandom(5);
const noise = (): number => Math.round(4 * random.normal());
const regionOf = (x: number, y: number): number => (y < 30 ? 1 : x > 20 && x < 50 && y < 60 ? 2 : 3);
const colors = { 1: [120, 170, 230], 2: [200, 40, 40], 3: [90, 90, 95] } as const;
const scene = drawImage(120, 90, (x, y) => {
  const [r, g, b] = colors[regionOf(x, y) as 1 | 2 | 3];
  return [r + noise(), g + noise(), b + noise()];
});

const segment = async (
  picture: Parameters<ReturnType<typeof classicalMasks>['segment']>[0],
  options = {},
) => {
  const masks = await classicalMasks(options).segment(picture, 'picture')();
  if (isLeft(masks)) throw new Error(masks.left.found);
  return masks.right;
};

describe('classicalMasks', () => {
  it('finds the regions of a noisy picture', async () => {
    const masks = await segment(scene);
    expect(masks.masks.length).toBeLessThan(15);
    const truth = Uint8Array.from({ length: 120 * 90 }, (_, i) => regionOf(i % 120, Math.floor(i / 120)));
    const purity = maskPurity(toLabelMap(masks), truth);
    expect(purity.coverage).toBe(1);
    expect(purity.purity).toBeGreaterThan(0.98);
    expect(Math.min(...masks.score)).toBeGreaterThan(0.8);
  });

  it('covers every pixel once, and repeats itself', async () => {
    const masks = await segment(scene, { k: 50, minSize: 1 });
    expect(masks.area.reduce((sum, area) => sum + area, 0)).toBe(120 * 90);
    expect(await segment(scene, { k: 50, minSize: 1 })).toEqual(masks);
  });

  it('makes no segment smaller than asked for', async () => {
    const masks = await segment(scene, { k: 5, minSize: 40 });
    expect(Math.min(...masks.area)).toBeGreaterThanOrEqual(40);
  });

  it('takes pictures of one colour and of one pixel', async () => {
    expect((await segment(image(30, 20))).area).toEqual(Uint32Array.of(600));
    expect((await segment(image(1, 1))).area).toEqual(Uint32Array.of(1));
  });

  it('says what is wrong with something that is no picture', async () => {
    const gray = { ...scene, shape: [90, 120, 1] };
    const wrong = await classicalMasks().segment(gray as typeof scene, 'gray.png')();
    expect(wrong).toMatchObject({
      _tag: 'Left',
      left: { code: 'mismatch', source: 'gray.png', field: 'shape' },
    });
    const short = await classicalMasks().segment({ ...scene, data: new Uint8Array(10) } as typeof scene)();
    expect(short).toMatchObject({ _tag: 'Left', left: { code: 'truncated' } });
    const empty = await classicalMasks().segment({ ...scene, shape: [0, 120, 3] } as typeof scene)();
    expect(empty).toMatchObject({ _tag: 'Left', left: { code: 'empty' } });
    const upright = await classicalMasks().segment(scene.transpose(1, 0, 2))();
    expect(upright).toMatchObject({ _tag: 'Left', left: { code: 'mismatch', field: 'stride' } });
    expect(isRight(await classicalMasks().segment(scene)())).toBe(true);
  });

  it('refuses senseless options', () => {
    expect(() => classicalMasks({ k: 0 })).toThrow(RangeError);
    expect(() => classicalMasks({ sigma: Number.NaN })).toThrow(RangeError);
  });
});
