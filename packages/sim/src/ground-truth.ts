import { join } from 'node:path';
import { readWholeFile } from '@nerfseg/datasets';
import { writeFileAtomic } from '@nerfseg/files';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import sharp from 'sharp';
import { unwrap } from './fault.js';
import type { PixelTruth } from './sensors/camera.js';

/** What a camera's pixels truly show, as read back from disk; row by row, [height*width]. */
export interface GroundTruth {
  readonly width: number;
  readonly height: number;
  /** Class ids of the data set's label space; 0 = a thing that it has no class for, 255 = sky. */
  readonly classes: Uint8Array;
  /** Metres along the optical axis, to 1/256 m; 0 = sky; 255.996 = that or farther. */
  readonly depth: Float32Array;
  /** Which object; 0 = ground, scenery and sky. */
  readonly objects: Uint16Array;
}

/** The class id that stands for sky in {@link GroundTruth}. */
export const skyClass = 255;

/** Which picture: a frame's sequence and one of its cameras' name and timestamp. */
export interface PictureKey {
  readonly sequence: string;
  readonly camera: string;
  /** Integer microseconds. */
  readonly timestamp: number;
}

const layers = ['classes', 'depth', 'objects'] as const;
const pathOf = (root: string, key: PictureKey, layer: (typeof layers)[number]): string =>
  join(root, 'groundtruth', key.sequence, key.camera, `${key.timestamp}.${layer}.png`);

/** Writes one picture's truth; raises. Depth is KITTI's depth format: 16 bits, metres * 256, 0 = none. */
export const writeGroundTruth = async (
  root: string,
  key: PictureKey,
  truth: PixelTruth,
  classOf: Uint8Array,
): Promise<void> => {
  const { width, height } = truth;
  const classes = Uint8Array.from(truth.semantic, (id) => (id === 0 ? skyClass : classOf[id]));
  const depth = Uint16Array.from(truth.depth, (z) =>
    Number.isFinite(z) ? Math.max(1, Math.min(65535, Math.round(z * 256))) : 0,
  );
  const raw = { width, height, channels: 1 } as const;
  const put = async (layer: (typeof layers)[number], bytes: Buffer): Promise<void> => {
    unwrap(await writeFileAtomic(pathOf(root, key, layer), new Uint8Array(bytes))());
  };
  const grey16 = (words: Uint16Array): Promise<Buffer> =>
    sharp(words, { raw }).toColourspace('grey16').png().toBuffer();
  await Promise.all([
    sharp(classes, { raw })
      .toColourspace('b-w')
      .png()
      .toBuffer()
      .then((bytes) => put('classes', bytes)),
    grey16(depth).then((bytes) => put('depth', bytes)),
    grey16(truth.object).then((bytes) => put('objects', bytes)),
  ]);
};

/**
 * Reads one picture's truth from a simulated data set.
 *
 * @returns `missing-file` or `malformed`, naming the file.
 */
export const readGroundTruth =
  (root: string, key: PictureKey): TaskEither<DataError, GroundTruth> =>
  async () => {
    const parts: { width: number; height: number; data: Buffer }[] = [];
    for (const layer of layers) {
      const read = await readLayer(pathOf(root, key, layer), layer === 'classes' ? 'uchar' : 'ushort');
      if (read._tag === 'Left') return read;
      parts.push(read.right);
    }
    const [classes, depth, objects] = parts;
    const words = (data: Buffer): Uint16Array => new Uint16Array(new Uint8Array(data).buffer);
    return right({
      width: classes.width,
      height: classes.height,
      classes: new Uint8Array(classes.data),
      depth: Float32Array.from(words(depth.data), (value) => value / 256),
      objects: words(objects.data),
    });
  };

const readLayer = async (
  path: string,
  depth: 'uchar' | 'ushort',
): Promise<Either<DataError, { width: number; height: number; data: Buffer }>> => {
  const bytes = await readWholeFile(path)();
  if (bytes._tag === 'Left') return bytes;
  try {
    const { data, info } = await sharp(bytes.right)
      .toColourspace(depth === 'uchar' ? 'b-w' : 'grey16')
      .raw({ depth })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 1) {
      return left(dataError('malformed', path, 'channels', String(info.channels), '1'));
    }
    return right({ width: info.width, height: info.height, data });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return left(dataError('malformed', path, 'file', message, 'a ground truth picture'));
  }
};
