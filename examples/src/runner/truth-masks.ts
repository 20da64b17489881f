import type { CameraView, FrameDataset } from '@nerfseg/datasets';
import {
  createRandom,
  type DataError,
  dataError,
  type Random,
  type RunLengths,
  type SegmentMasks,
} from '@nerfseg/geometry';
import { encodeRuns, type MaskSource, openMaskStore, pictureKey, segmentMasks } from '@nerfseg/pseudolabel';
import { type GroundTruth, type PictureKey, readGroundTruth } from '@nerfseg/sim';
import * as E from 'fp-ts/lib/Either.js';
import * as TE from 'fp-ts/lib/TaskEither.js';

/** How the simulator's segments are spoilt, so that they are no better than a segmenter's masks. */
export interface Corruption {
  /** Pixels: standard deviation of a smooth displacement of all borders. */
  readonly jitter: number;
  /** Probability that a pair of neighbouring segments of ground becomes one, as flat grounds do in Segment-Anything. */
  readonly merge: number;
  /** Pixels: segments smaller than that are lost ... */
  readonly minArea: number;
  /** ... and of the others this share. */
  readonly drop: number;
  /** Which of many equally likely ways to spoil a picture. Default: the one that all runs share. */
  readonly draw?: number;
}

/** What the experiments use unless they say otherwise. */
export const usualCorruption: Corruption = { jitter: 0.7, merge: 0.3, minArea: 12, drop: 0.15 };

/**
 * Masks from the simulator's truth of a picture: connected parts of one object and class, spoilt as told. They stand in for
 * Segment-Anything in sweeps, where it would cost more than the training; no class reaches the masks' users. Made once,
 * then kept in `folder`: reading truth anew for every step would be a tenth of a run.
 *
 * @param dataset the data set whose pictures are asked for: it knows which scene each belongs to.
 */
export function truthMasks(
  root: string,
  dataset: FrameDataset,
  corruption: Corruption,
  folder: string,
): (view: CameraView) => TE.TaskEither<DataError, SegmentMasks> {
  const pictures = new Map<string, PictureKey>();
  for (let i = 0; i < dataset.length; i++) {
    const { sequence, cameras } = dataset.frame(i);
    for (const { imagePath, name: camera, timestamp } of cameras)
      pictures.set(imagePath, { sequence, camera, timestamp });
  }
  const ground = groundClasses(dataset);
  const { draw } = corruption;
  const source: MaskSource = {
    name: 'simulated-truth',
    settings: { ...corruption },
    segment:
      (_, imagePath = '') =>
      async () => {
        const picture = pictures.get(imagePath);
        if (!picture)
          return E.left(dataError('not-found', root, 'picture', imagePath, "one of the data set's pictures"));
        const truth = await readGroundTruth(root, picture)();
        if (E.isLeft(truth)) return truth;
        const random = createRandom(draw === undefined ? 'masks' : `masks ${draw}`).fork(nameOf(picture));
        return E.right(spoiltMasks(truth.right, ground, corruption, random));
      },
  };
  const store = openMaskStore(source, folder);
  return (view) => {
    const { imagePath, width, height, image } = view;
    const picture = pictures.get(imagePath);
    const key = pictureKey(picture ? nameOf(picture) : imagePath);
    return TE.Functor.map(store.obtain({ key, name: imagePath, width, height, image }), ({ masks }) => masks);
  };
}

const nameOf = ({ sequence, camera, timestamp }: PictureKey): string => `${sequence} ${camera} ${timestamp}`;

const flat = ['driveable_surface', 'other_flat', 'sidewalk', 'terrain', 'road', 'parking', 'other-ground'];

/** Class ids of flat ground. */
const groundClasses = ({ labelSpace }: FrameDataset): ReadonlySet<number> =>
  new Set(labelSpace.names.flatMap((name, id) => (flat.includes(name) ? [id] : [])));

/** Segments of a truth picture as masks. */
export function spoiltMasks(
  { width, height, classes, objects }: GroundTruth,
  ground: ReadonlySet<number>,
  { jitter, merge, minArea, drop }: Corruption,
  random: Random,
): SegmentMasks {
  // Which class pairs of ground fall together in this picture.
  const alias = Uint8Array.from({ length: 256 }, (_, id) => id);
  const flats = random.fork('merge').shuffle([...ground]);
  const chance = random.fork('pairs');
  for (let k = 1; k < flats.length; k++) if (chance.next() < merge) alias[flats[k]!] = alias[flats[k - 1]!]!;
  const shiftX = smoothField(width, height, jitter, random.fork('x'));
  const shiftY = smoothField(width, height, jitter, random.fork('y'));
  const key = new Int32Array(width * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const fromX = Math.min(width - 1, Math.max(0, Math.round(x + shiftX[at]!)));
      const fromY = Math.min(height - 1, Math.max(0, Math.round(y + shiftY[at]!)));
      const from = fromY * width + fromX;
      key[at] = alias[classes[from]!]! + 256 * objects[from]!;
    }
  const parts = connectedParts(key, width, height);
  const lost = random.fork('drop');
  const masks: RunLengths[] = [];
  for (const part of parts) {
    const gone = lost.next() < drop;
    if (gone || part.length < minArea) continue;
    const bitmap = new Uint8Array(width * height);
    for (const at of part) bitmap[at] = 1;
    masks.push(encodeRuns(bitmap));
  }
  return segmentMasks(width, height, masks, new Float32Array(masks.length).fill(1));
}

/** Displacements that change over about 12 pixels, [height*width]: normal numbers on a coarse lattice, bilinear between. */
function smoothField(width: number, height: number, deviation: number, random: Random): Float32Array {
  const spacing = 12;
  const columns = Math.ceil(width / spacing) + 2;
  const rows = Math.ceil(height / spacing) + 2;
  const lattice = Float32Array.from({ length: columns * rows }, () => deviation * random.normal());
  const field = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / spacing);
    const v = y / spacing - row;
    for (let x = 0; x < width; x++) {
      const column = Math.floor(x / spacing);
      const u = x / spacing - column;
      const at = row * columns + column;
      const upper = lattice[at]! * (1 - u) + lattice[at + 1]! * u;
      const lower = lattice[at + columns]! * (1 - u) + lattice[at + columns + 1]! * u;
      field[y * width + x] = upper * (1 - v) + lower * v;
    }
  }
  return field;
}

/** Pixels of every 4-connected part of equal keys. */
function connectedParts(key: Int32Array, width: number, height: number): Int32Array[] {
  const seen = new Uint8Array(key.length);
  const stack = new Int32Array(key.length);
  const parts: Int32Array[] = [];
  for (let first = 0; first < key.length; first++) {
    if (seen[first]) continue;
    let read = 0;
    let filled = 1;
    stack[0] = first;
    seen[first] = 1;
    const visit = (next: number): void => {
      if (seen[next] || key[next] !== key[first]) return;
      seen[next] = 1;
      stack[filled++] = next;
    };
    while (read < filled) {
      const at = stack[read++]!;
      const x = at % width;
      if (x > 0) visit(at - 1);
      if (x < width - 1) visit(at + 1);
      if (at >= width) visit(at - width);
      if (at < width * (height - 1)) visit(at + width);
    }
    parts.push(stack.slice(0, filled));
  }
  return parts;
}
