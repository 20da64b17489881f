import type { FrameDataset, SceneRecord } from '@nerfseg/datasets';
import { createRandom, type DataError, formatError, image, poseFromEuler } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';

/** What must succeed, since nothing is damaged yet. */
export const sound = async <A>(task: TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  if (result._tag === 'Left') throw new Error(formatError(result.left));
  return result.right;
};

const [width, height] = [12, 8];
export const numPoints = 24;

/** A drive of two frames, as small as can be. */
export const smallScene = (name: string, classes: number, cameras: readonly string[]): SceneRecord => {
  const random = createRandom(name);
  return {
    name,
    egoFromLidar: poseFromEuler([0.9, 0, 1.8], -Math.PI / 2),
    frames: [0, 1].map((i) => ({
      timestamp: 1_532_402_927_000_000 + i * 500_000,
      points: {
        positions: Float32Array.from({ length: numPoints * 3 }, () => 20 * random.normal()),
        intensity: Float32Array.from({ length: numPoints }, () => random.next()),
        ring: Uint8Array.from({ length: numPoints }, () => random.int(32)),
      },
      labels: Uint8Array.from({ length: numPoints }, () => random.int(classes)),
      globalFromEgo: poseFromEuler([1000 + 4 * i, 2000, 0], 0.3),
      cameras: cameras.map((camera) => ({
        name: camera,
        timestamp: 1_532_402_927_000_000 + i * 500_000 - 20_000,
        width,
        height,
        image: image(
          width,
          height,
          Uint8Array.from({ length: width * height * 3 }, () => random.int(256)),
        ),
        intrinsics: Float64Array.of(10, 0, 6, 0, 10, 4, 0, 0, 1),
        egoFromCamera: poseFromEuler([1.5, 0, 1.6], -Math.PI / 2, 0, -Math.PI / 2),
        globalFromEgoAtCamera: poseFromEuler([999.9 + 4 * i, 2000, 0], 0.3),
      })),
    })),
  };
};

/** Opens a data set that is not damaged once for each folder. */
export const opensOnce = (
  open: (root: string) => Promise<FrameDataset>,
): ((root: string) => Promise<FrameDataset>) => {
  const opened = new Map<string, FrameDataset>();
  return async (root) => {
    const dataset = opened.get(root) ?? (await open(root));
    opened.set(root, dataset);
    return dataset;
  };
};
