import { describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { encodeRuns } from '../masks/encode-runs.js';
import type { Pixels } from '../sources/check-image.js';
import type { PromptMasks } from './model-host.js';
import { profileOf } from './model-profile.js';
import type { SamNetwork } from './network.js';
import { originalSamSettings, type SamSettings } from './options.js';
import { segmentPicture } from './segment-picture.js';

const MAP = 256;

/** Three masks of a prompt: ellipses of different sizes around the nearest of a few places, with ripples and holes. */
const fakes = new Map<string, PromptMasks>();
const waves = Float32Array.from({ length: MAP }, (_, i) => Math.sin(i * 0.8));

function fakeMasks(x: number, y: number, seed: string): PromptMasks {
  const known = fakes.get(seed);
  if (known !== undefined) return known;
  const random = createRandom(seed);
  const logits = new Float32Array(3 * MAP * MAP);
  const iou = new Float32Array(3);
  for (let k = 0; k < 3; k++) {
    const [cx, cy] = [
      Math.round(x / 90) * 22 + 3 * random.next(),
      Math.round(y / 90) * 22 + 3 * random.next(),
    ];
    const [rx, ry] = [4 + 22 * k * random.next() + 6 * random.next(), 4 + 30 * random.next()];
    const [steep, ripple] = [2 + 30 * random.next(), 4 * random.next()];
    for (let v = 0; v < MAP; v++)
      for (let u = 0; u < MAP; u++) {
        const inside = 1 - Math.sqrt(((u - cx) / rx) ** 2 + ((v - cy) / ry) ** 2);
        logits[(k * MAP + v) * MAP + u] = steep * inside + ripple * waves[u]! * waves[v]!;
      }
    iou[k] = 0.6 + 0.4 * random.next();
  }
  fakes.set(seed, { logits, iou });
  return { logits, iou };
}

/** Each crop has its own answers; the same prompt has always the same. */
function fakeNetwork(): SamNetwork {
  const input = { name: 'x', type: 'float32', shape: [1, 3, 1024, 1024] };
  const profile = profileOf(
    { inputs: [input], outputs: [{ name: 'y', type: 'float32', shape: [1, 256, 64, 64] }] },
    { inputs: ['image_embeddings', 'point_coords', 'point_labels'], outputs: ['masks', 'iou_predictions'] },
    { encoder: 'e', decoder: 'd' },
    true,
  );
  if (profile._tag === 'Left') throw new Error(profile.left.found);
  let crops = 0;
  return {
    digest: 'fake',
    profile: profile.right,
    decoders: 2,
    encode: async () => {
      const crop = crops++;
      return {
        width: MAP,
        height: MAP,
        decode: async (points, floor) =>
          Array.from({ length: points.length / 2 }, (_, p) => {
            const [x, y] = [points[2 * p]!, points[2 * p + 1]!];
            const all = fakeMasks(x, y, `${crop} ${x.toFixed(3)} ${y.toFixed(3)}`);
            const kept = [0, 1, 2].filter((k) => all.iou[k]! > floor);
            const logits = new Float32Array(kept.length * MAP * MAP);
            kept.forEach((k, at) => {
              logits.set(all.logits.subarray(k * MAP * MAP, (k + 1) * MAP * MAP), at * MAP * MAP);
            });
            return { logits, iou: Float32Array.from(kept, (k) => all.iou[k]!) };
          }),
        close: async () => undefined,
      };
    },
    close: async () => undefined,
  };
}

type Box = readonly [number, number, number, number];
interface Mask {
  readonly bitmap: Uint8Array;
  readonly box: Box;
  readonly iou: number;
  readonly cropArea: number;
}

/** torch's bilinear interpolation of one value, corners not aligned. */
function interpolate(
  at: (x: number, y: number) => number,
  x: number,
  y: number,
  scale: readonly [number, number],
  size: readonly [number, number],
): number {
  const places = [x, y].map((i, axis) => Math.max(0, (i + 0.5) * scale[axis]! - 0.5)) as [number, number];
  const low = places.map(Math.floor) as [number, number];
  const high = low.map((i, axis) => Math.min(i + 1, size[axis]! - 1)) as [number, number];
  const [sx, sy] = [places[0] - low[0], places[1] - low[1]];
  return (
    (1 - sy) * ((1 - sx) * at(low[0], low[1]) + sx * at(high[0], low[1])) +
    sy * ((1 - sx) * at(low[0], high[1]) + sx * at(high[0], high[1]))
  );
}

/** torchvision's `nms`. */
function nms(boxes: readonly Box[], scores: readonly number[], threshold: number): number[] {
  const area = ([x0, y0, x1, y1]: Box): number => (x1 - x0) * (y1 - y0);
  const order = [...boxes.keys()].sort((a, b) => scores[b]! - scores[a]!);
  const kept: number[] = [];
  while (order.length > 0) {
    const best = order.shift()!;
    kept.push(best);
    const a = boxes[best]!;
    for (const i of [...order]) {
      const b = boxes[i]!;
      const [w, h] = [
        Math.min(a[2], b[2]) - Math.max(a[0], b[0]),
        Math.min(a[3], b[3]) - Math.max(a[1], b[1]),
      ];
      const both = Math.max(0, w) * Math.max(0, h);
      if (both / (area(a) + area(b) - both) > threshold) order.splice(order.indexOf(i), 1);
    }
  }
  return kept;
}

const crops = (width: number, height: number, layers: number, ratio: number): Box[] => {
  const boxes: Box[] = [[0, 0, width, height]];
  for (let layer = 0; layer < layers; layer++) {
    const n = 2 ** (layer + 1);
    const overlap = Math.trunc(ratio * Math.min(width, height) * (2 / n));
    const length = (side: number): number => Math.ceil((overlap * (n - 1) + side) / n);
    const [w, h] = [length(width), length(height)];
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        const [x0, y0] = [(w - overlap) * i, (h - overlap) * j];
        boxes.push([x0, y0, Math.min(x0 + w, width), Math.min(y0 + h, height)]);
      }
  }
  return boxes;
};

/** `SamAutomaticMaskGenerator`, step by step, every mask at the picture's resolution. */
function original(width: number, height: number, settings: SamSettings): Mask[] {
  const all: Mask[] = [];
  const boxes = crops(width, height, settings.cropLayers, settings.cropOverlap);
  boxes.forEach(([x0, y0, x1, y1], index) => {
    const [w, h] = [x1 - x0, y1 - y0];
    const scale = 1024 / Math.max(w, h);
    const [inputW, inputH] = [Math.floor(w * scale + 0.5), Math.floor(h * scale + 0.5)];
    const found: Mask[] = [];
    const layer = index === 0 ? 0 : index < 5 ? 1 : 2;
    const n = Math.trunc(settings.pointsPerSide / settings.cropPointsDownscale ** layer);
    for (let row = 0; row < n; row++)
      for (let column = 0; column < n; column++) {
        const px = Math.fround((((column + 0.5) * w) / n) * (inputW / w));
        const py = Math.fround((((row + 0.5) * h) / n) * (inputH / h));
        const { logits, iou } = fakeMasks(px, py, `${index} ${px.toFixed(3)} ${py.toFixed(3)}`);
        for (let k = 0; k < 3; k++) {
          if (!(iou[k]! > settings.minPredictedIou)) continue;
          const map = (x: number, y: number): number => logits[(k * MAP + y) * MAP + x]!;
          const input = (x: number, y: number): number => interpolate(map, x, y, [0.25, 0.25], [MAP, MAP]);
          let [above, below] = [0, 0];
          const bitmap = new Uint8Array(width * height);
          const box: [number, number, number, number] = [w, h, -1, -1];
          for (let y = 0; y < h; y++)
            for (let x = 0; x < w; x++) {
              const value = interpolate(input, x, y, [inputW / w, inputH / h], [inputW, inputH]);
              if (value > settings.stabilityOffset) above++;
              if (value > -settings.stabilityOffset) below++;
              if (value <= 0) continue;
              bitmap[(y0 + y) * width + x0 + x] = 1;
              box[0] = Math.min(box[0], x);
              box[1] = Math.min(box[1], y);
              box[2] = Math.max(box[2], x);
              box[3] = Math.max(box[3], y);
            }
          if (!(above / below >= settings.minStability) || box[2] < 0) continue;
          const moved: Box = [box[0] + x0, box[1] + y0, box[2] + x0, box[3] + y0];
          const near = (edges: Box): boolean[] =>
            moved.map((edge, side) => Math.abs(edge - edges[side]!) <= 20);
          const whole = near([0, 0, width, height]);
          if (near([x0, y0, x1, y1]).some((touches, side) => touches && !whole[side])) continue;
          found.push({ bitmap, box: moved, iou: iou[k]!, cropArea: w * h });
        }
      }
    const kept = nms(
      found.map((mask) => mask.box),
      found.map((mask) => mask.iou),
      settings.maxBoxIou,
    );
    all.push(...kept.map((i) => found[i]!));
  });
  if (boxes.length === 1) return all;
  const kept = nms(
    all.map((mask) => mask.box),
    all.map((mask) => 1 / mask.cropArea),
    settings.maxCropBoxIou,
  );
  return kept.map((i) => all[i]!);
}

const picture = (width: number, height: number): Pixels => ({
  width,
  height,
  data: new Uint8Array(width * height * 3),
});

describe('segmentPicture', () => {
  it.each([
    ['a wide picture', 100, 50, {}],
    ['an upright picture', 40, 90, { pointsPerSide: 5 }],
    ['lower thresholds', 60, 60, { minPredictedIou: 0.7, minStability: 0.7, maxBoxIou: 0.4 }],
    ['crops', 110, 80, { cropLayers: 1, minPredictedIou: 0.75, minStability: 0.5 }],
    [
      'crops with fewer points',
      110,
      80,
      { cropLayers: 2, cropPointsDownscale: 2, minStability: 0.4, minPredictedIou: 0.6 },
    ],
  ])('finds what the original generator finds in %s, in its order', async (_name, width, height, chosen) => {
    const settings: SamSettings = {
      ...originalSamSettings,
      pointsPerSide: 4,
      minPredictedIou: 0.8,
      minStability: 0.6,
      ...chosen,
    };
    const expected = original(width, height, settings);
    const { masks, prompts } = await segmentPicture(fakeNetwork(), picture(width, height), settings);
    expect(expected.length).toBeGreaterThan(3);
    expect(masks.masks.map(String)).toEqual(expected.map((mask) => String(encodeRuns(mask.bitmap))));
    expect([...masks.score]).toEqual(expected.map((mask) => mask.iou));
    if (settings.cropLayers === 0) expect(prompts).toBe(settings.pointsPerSide ** 2);
  });

  it('takes prompts of one’s own, and few of them', async () => {
    const settings: SamSettings = {
      ...originalSamSettings,
      pointGrids: [
        [
          [0.5, 0.5],
          [0.1, 0.9],
        ],
      ],
      minPredictedIou: 0,
      minStability: 0,
    };
    expect((await segmentPicture(fakeNetwork(), picture(90, 60), settings)).prompts).toBe(2);
    const one = await segmentPicture(fakeNetwork(), picture(90, 60), {
      ...settings,
      maxPrompts: 1,
      masksPerPrompt: 'best',
    });
    expect([one.prompts, one.masks.masks.length]).toEqual([1, 1]);
  });

  it('has no masks where none passes, and keeps one of the whole picture', async () => {
    const settings: SamSettings = { ...originalSamSettings, pointsPerSide: 2, minPredictedIou: 1 };
    const none = await segmentPicture(fakeNetwork(), picture(90, 60), settings);
    expect(none.masks).toMatchObject({ width: 90, height: 60, masks: [] });
    const network = fakeNetwork();
    const everywhere: SamNetwork = {
      ...network,
      encode: async (...given) => ({
        ...(await network.encode(...given)),
        decode: async (points) =>
          Array.from({ length: points.length / 2 }, () => ({
            logits: new Float32Array(MAP * MAP).fill(9),
            iou: Float32Array.of(0.99),
          })),
      }),
    };
    for (const skipCovered of [false, true]) {
      const whole = await segmentPicture(everywhere, picture(90, 60), {
        ...settings,
        minPredictedIou: 0.9,
        skipCovered,
      });
      expect(whole.masks.masks).toEqual([Uint32Array.of(0, 90 * 60)]);
      // A mask of all there is says nothing about where more is to be found.
      expect(whole.prompts).toBe(4);
    }
  });

  it('removes small regions, and masks that are the same then', async () => {
    const settings: SamSettings = {
      ...originalSamSettings,
      pointsPerSide: 4,
      minPredictedIou: 0.6,
      minStability: 0.2,
    };
    const before = await segmentPicture(fakeNetwork(), picture(100, 50), settings);
    const after = await segmentPicture(fakeNetwork(), picture(100, 50), { ...settings, minRegionArea: 40 });
    expect(after.masks.masks.length).toBeGreaterThan(0);
    expect(after.masks.masks.length).toBeLessThanOrEqual(before.masks.masks.length);
    expect(after.masks.masks).not.toEqual(before.masks.masks);
  });
});
