// Masks, sampling and fusion on a synthetic street picture. Peers: the same thing in the most obvious way.
import { createRandom, image, type SegmentMasks } from '@nerfseg/geometry';
import {
  classicalMasks,
  decodeRuns,
  encodeRuns,
  entropySample,
  fuseProjection,
  fuseSemantics,
  maskIou,
  sampleRays,
  segmentsAtPixels,
} from '@nerfseg/pseudolabel';
import type { BenchRow, Suite } from './harness.js';
import { samRows } from './pseudolabel-sam.js';

const [WIDTH, HEIGHT] = [480, 270];
const CLASSES = 17;

/** Sky, road, houses, cars: flat colours with grain. */
const street = () => {
  const random = createRandom('pseudolabel benchmark');
  const data = new Uint8Array(WIDTH * HEIGHT * 3);
  const boxes = Array.from({ length: 24 }, (_, b) => {
    const [w, h] = [20 + random.int(60), 15 + random.int(40)];
    const color = [random.int(200), random.int(200), random.int(200)];
    return { x: random.int(WIDTH - w), y: 90 + random.int(b < 12 ? 20 : 100), w, h, color };
  });
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const box = boxes.findLast((b) => x >= b.x && x < b.x + b.w && y >= b.y && y < b.y + b.h);
      const color = box?.color ?? (y < 110 ? [130, 170, 225] : [95, 95, 100]);
      for (let c = 0; c < 3; c++)
        data[(y * WIDTH + x) * 3 + c] = Math.min(255, Math.max(0, color[c]! + 3 * random.normal()));
    }
  }
  return image(WIDTH, HEIGHT, data);
};

/** The smallest mask at each pixel, by asking every mask of every pixel. */
const segmentsByBitmaps = (masks: SegmentMasks, pixels: Int32Array): Int32Array => {
  const bitmaps = masks.masks.map((runs) => decodeRuns(runs, WIDTH * HEIGHT));
  return Int32Array.from({ length: pixels.length / 2 }, (_, r) => {
    let best = -1;
    bitmaps.forEach((bitmap, m) => {
      if (bitmap[pixels[2 * r + 1]! * WIDTH + pixels[2 * r]!] === 0) return;
      if (best < 0 || masks.area[m]! < masks.area[best]!) best = m;
    });
    return best;
  });
};

const iouByBitmaps = (a: Uint32Array, b: Uint32Array): number => {
  const [x, y] = [decodeRuns(a, WIDTH * HEIGHT), decodeRuns(b, WIDTH * HEIGHT)];
  let [both, either] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    both += x[i]! & y[i]!;
    either += x[i]! | y[i]!;
  }
  return both / either;
};

export const suite: Suite = async ({ quick, timeMedian, timePair, realData }) => {
  const rows: BenchRow[] = [];
  const picture = street();
  const classical = classicalMasks();
  const found = await classical.segment(picture)();
  if (found._tag === 'Left') throw new Error(found.left.found);
  const masks = found.right;
  const random = createRandom(1);
  const rays = quick ? 2000 : 8000;
  const pixels = sampleRays(masks, rays, random);
  const count = pixels.length / 2;
  const probabilities = new Float32Array(count * CLASSES).fill(0.01);
  for (let r = 0; r < count; r++) probabilities[r * CLASSES + 1 + random.int(3)] = 0.84;
  const entropy = Float32Array.from({ length: count }, () => random.next());
  const opacity = new Float32Array(count).fill(1);
  const semantics = { numClasses: CLASSES, probabilities, entropy, depth: opacity, opacity };
  const pair = async (
    name: string,
    peerName: string,
    ours: () => unknown,
    peer: () => unknown,
  ): Promise<void> => {
    const times = await timePair(name, ours, peer);
    rows.push({ name, ...times, peerName, ratio: times.peer / times.ours });
  };
  const alone = async (name: string, run: () => unknown, note?: string): Promise<void> => {
    rows.push({ name, ours: await timeMedian(name, run), ...(note === undefined ? {} : { note }) });
  };

  const size = `${WIDTH} x ${HEIGHT}`;
  await alone(`classicalMasks, ${size}`, () => classical.segment(picture)(), `${masks.masks.length} masks`);
  await alone(`sampleRays, ${rays} rays`, () => sampleRays(masks, rays, random));
  await alone(`entropySample, ${rays} more`, () => entropySample(masks, { pixels, entropy }, rays, random));
  await alone(`fuseSemantics, ${rays} rays`, () => fuseSemantics(masks, pixels, semantics));
  const points = 30_000;
  const projected = {
    u: Float32Array.from({ length: points }, () => random.next() * WIDTH),
    v: Float32Array.from({ length: points }, () => random.next() * HEIGHT),
  };
  const labels = Uint8Array.from({ length: points }, () => random.int(CLASSES));
  await alone(`fuseProjection, ${points} points`, () =>
    fuseProjection(masks, projected, labels, { numClasses: CLASSES }),
  );
  await pair(
    `segmentsAtPixels, ${rays} rays`,
    'a bitmap per mask',
    () => segmentsAtPixels(masks, pixels),
    () => segmentsByBitmaps(masks, pixels),
  );
  const [a, b] = [masks.masks[0]!, encodeRuns(decodeRuns(masks.masks[0]!, WIDTH * HEIGHT).map((x) => 1 - x))];
  await pair(
    `maskIou, ${size}`,
    'on bitmaps',
    () => maskIou(a, b),
    () => iouByBitmaps(a, b),
  );

  return [...rows, ...(await samRows(quick, realData))];
};
