// A whole training run's memory, step by step: 1,000 semi-supervised steps at the demo's size on a simulated drive.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import { type CameraView, openNuScenes } from '@nerfseg/datasets';
import {
  createRandom,
  cylindricalGrid,
  type DataError,
  formatError,
  type SegmentMasks,
} from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import { classicalMasks } from '@nerfseg/pseudolabel';
import { disposeNerfHead } from '@nerfseg/render';
import { simulateDataset } from '@nerfseg/sim';
import { type MasksOf, train, trainSettings } from '@nerfseg/ssl';
import * as tf from '@tensorflow/tfjs-core';
import { type Either, isLeft, right } from 'fp-ts/lib/Either.js';
import { chain, map } from 'fp-ts/lib/TaskEither.js';
import type { BenchRow, Suite } from './harness.js';

const unwrap = <A>(result: Either<DataError, A>): A => {
  if (isLeft(result)) throw new Error(formatError(result.left));
  return result.right;
};

/** Masks by colour, made once a picture: what is measured is training. */
const rememberedMasks = (): MasksOf => {
  const source = classicalMasks();
  const known = new Map<string, SegmentMasks>();
  return (view: CameraView) => {
    const masks = known.get(view.imagePath);
    if (masks) return async () => right(masks);
    return map((made: SegmentMasks) => {
      known.set(view.imagePath, made);
      return made;
    })(chain((picture: Parameters<typeof source.segment>[0]) => source.segment(picture))(view.image()));
  };
};

/** Rows hold megabytes of resident memory in place of milliseconds; the note has what else was in use at that step. */
export const suite: Suite = async ({ quick }) => {
  const engine = unwrapEngine(await selectEngine());
  const steps = quick ? 60 : 1000;
  const shown = new Set([1, 10, 25, 50, 100, 250, 500, 750, steps]);
  const root = await mkdtemp(path.join(tmpdir(), 'nerfseg-memory-'));
  const rows: BenchRow[] = [];
  try {
    const drive = path.join(root, 'drive');
    const options = {
      root: drive,
      format: 'nuscenes' as const,
      seed: 1,
      scenes: { train: 4, val: 0 },
      framesPerScene: 4,
      lidar: { azimuthSteps: 720 },
      cameras: ['CAM_FRONT', 'CAM_BACK'],
      imageSize: { width: 400, height: 225 },
    };
    const { version } = unwrap(await simulateDataset(options)());
    const dataset = unwrap(await openNuScenes({ root: drive, version: version!, split: 'train' })());
    const numClasses = dataset.labelSpace.names.length;
    const frames = Array.from({ length: dataset.length }, (_, i) => i);
    const result = unwrap(
      await train({
        dataset,
        labelled: frames.slice(0, 4),
        unlabelled: frames.slice(4),
        grid: cylindricalGrid('nuscenes', { shape: [120, 120, 16], wrapAzimuth: true }),
        network: cylinder3dConfig({ numClasses, width: 8, pointWidths: [32, 64], voxelInputChannels: 16 }),
        // The whole method from the first steps on, so that all it needs is in use early.
        settings: trainSettings.parse({
          method: 'nerf',
          steps,
          pseudoStart: 0.005,
          pseudoRamp: 0.01,
          lidarRays: 256,
          raysPerCamera: 512,
          samplesPerRay: 48,
        }),
        masks: rememberedMasks(),
        random: createRandom(1),
        onProgress: ({ step }) => {
          if (!shown.has(step)) return;
          const { rss, heapUsed, external } = process.memoryUsage();
          const own = tf.memory() as tf.MemoryInfo & { bytesInUse?: number; bytesIdle?: number };
          rows.push({
            name: `training at the demo's size on ${engine}: resident MB after step ${step}`,
            ours: rss / 1e6,
            note: [
              `${own.numTensors} tensors`,
              `tensor memory ${((own.bytesInUse ?? own.numBytes) / 1e6).toFixed(0)} MB in use, ${((own.bytesIdle ?? 0) / 1e6).toFixed(0)} idle`,
              `JavaScript heap ${(heapUsed / 1e6).toFixed(0)} MB, external ${(external / 1e6).toFixed(0)} MB`,
            ].join('; '),
          });
        },
      })(),
    );
    disposeNetwork(result.network);
    if (result.head) disposeNerfHead(result.head);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return rows;
};

const unwrapEngine = (choice: Awaited<ReturnType<typeof selectEngine>>): string => {
  if (isLeft(choice)) throw new Error(`no engine: ${choice.left.found}`);
  return choice.right.name;
};
