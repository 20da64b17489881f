import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import {
  createRandom,
  type DataError,
  formatError,
  image,
  poseFromEuler,
  type Random,
} from '@nerfseg/geometry';
import { type Either, isLeft, isRight } from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { CameraRecord, FrameRecord, SceneRecord } from '../record.js';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** A folder that is gone after the test file. */
export const scratch = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'nerfseg-datasets-'));
  folders.push(folder);
  return folder;
};

export const rightOf = <A>(result: Either<DataError, A>): A => {
  if (isLeft(result)) throw new Error(formatError(result.left));
  return result.right;
};

export const leftOf = <A>(result: Either<DataError, A>): DataError => {
  if (isRight(result)) throw new Error('there is no error');
  return result.left;
};

export const get = async <A>(task: TaskEither<DataError, A>): Promise<A> => rightOf(await task());
export const failure = async <A>(task: TaskEither<DataError, A>): Promise<DataError> => leftOf(await task());

export const [width, height] = [24, 16];
export const numPoints = 50;
const start = 1_532_402_927_000_000;

const camera = (name: string, random: Random, timestamp: number, offset: number): CameraRecord => ({
  name,
  timestamp,
  width,
  height,
  image: image(
    width,
    height,
    Uint8Array.from({ length: width * height * 3 }, () => random.int(256)),
  ),
  intrinsics: Float64Array.of(20.25, 0, 12.5, 0, 20.5, 8.25, 0, 0, 1),
  egoFromCamera: poseFromEuler([1.5, offset, 1.6], -Math.PI / 2 + 0.01, 0, -Math.PI / 2),
  globalFromEgoAtCamera: poseFromEuler([1000.25 + (timestamp - start) / 1e5, 2000.5, 0], 0.3),
});

/** One frame of random content. */
export const frameRecord = (
  index: number,
  numClasses: number,
  cameraNames: readonly string[],
): FrameRecord => {
  const random = createRandom(`frame ${index}`);
  const timestamp = start + index * 500_000;
  return {
    timestamp,
    points: {
      positions: Float32Array.from({ length: numPoints * 3 }, () => 20 * random.normal()),
      intensity: Float32Array.from({ length: numPoints }, () => random.int(256) / 255),
      ring: Uint8Array.from({ length: numPoints }, () => random.int(32)),
    },
    labels: Uint8Array.from({ length: numPoints }, () => random.int(numClasses)),
    globalFromEgo: poseFromEuler([1000.25 + (timestamp - start) / 1e5, 2000.5, 0], 0.3),
    cameras: cameraNames.map((name, i) => camera(name, random, timestamp - 10_000 * (i + 1), -0.5 * i)),
  };
};

/** A scene of frames that are made as they are asked for. */
export const sceneRecord = (
  name: string,
  frames: number,
  numClasses: number,
  cameraNames: readonly string[],
): SceneRecord => ({
  name,
  description: 'random',
  egoFromLidar: poseFromEuler([0.9, 0.05, 1.84], -Math.PI / 2, 0.01),
  frames: (async function* () {
    for (let i = 0; i < frames; i++) yield frameRecord(i, numClasses, cameraNames);
  })(),
});

/** Changes the bytes of a file in place. */
export const edit = async (path: string, change: (bytes: DataView) => void): Promise<void> => {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
  change(new DataView(bytes.buffer));
  await writeFile(path, bytes);
};

/** Changes a text file in place. */
export const editText = async (path: string, change: (text: string) => string): Promise<void> =>
  writeFile(path, change(await readFile(path, 'utf8')));

/** Changes a JSON table in place. */
export const editTable = async (
  path: string,
  change: (rows: Record<string, unknown>[]) => unknown,
): Promise<void> => {
  const rows = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>[];
  await writeFile(path, JSON.stringify(change(rows) ?? rows));
};

/** The largest difference between two equally long lists of numbers. */
export const deviation = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let largest = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
};
