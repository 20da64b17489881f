import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  augment,
  classesOfRaw,
  loadLabelled,
  openNuScenes,
  openSemanticKitti,
  readImage,
  type SceneRecord,
  semanticKittiRawLabels,
  writeJpeg,
  writeNuScenes,
  writeSemanticKitti,
} from '@nerfseg/datasets';
import {
  createRandom,
  type DataError,
  formatError,
  identityPose,
  image,
  poseFromEuler,
} from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { feedRows } from './datasets/feed.js';
import { openKittiRow } from './datasets/open-kitti.js';
import { tableRows } from './datasets/table-rows.js';
import type { BenchContext, BenchRow, Suite } from './harness.js';

const get = async <A>(task: TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  if (result._tag === 'Left') throw new Error(formatError(result.left));
  return result.right;
};

/** One frame of the size that the format's scanner and camera give. */
const scene = (name: string, points: number, camera: string, width: number, height: number): SceneRecord => {
  const random = createRandom(name);
  const numbers = (count: number, scale: number) =>
    Float32Array.from({ length: count }, () => scale * random.next());
  return {
    name,
    egoFromLidar: identityPose(),
    frames: [
      {
        timestamp: 0,
        points: { positions: numbers(points * 3, 50), intensity: numbers(points, 1) },
        labels: Uint8Array.from({ length: points }, () => random.int(17)),
        globalFromEgo: identityPose(),
        cameras: [
          {
            name: camera,
            timestamp: 0,
            globalFromEgoAtCamera: identityPose(),
            egoFromCamera: poseFromEuler([1.7, 0, 1.5], -Math.PI / 2, 0, -Math.PI / 2),
            intrinsics: Float64Array.of(1266, 0, width / 2, 0, 1266, height / 2, 0, 0, 1),
            width,
            height,
            image: image(
              width,
              height,
              Uint8Array.from(
                { length: width * height * 3 },
                (_, i) => 128 + 100 * Math.sin(i / 997) + random.int(9),
              ),
            ),
          },
        ],
      },
    ],
  };
};

const pair = async (
  context: BenchContext,
  name: string,
  peerName: string,
  ours: () => unknown,
  peer: () => unknown,
  note?: string,
): Promise<BenchRow> => {
  const times = await context.timePair(name, ours, peer);
  return {
    name,
    ...times,
    peerName,
    ratio: times.peer / times.ours,
    ...(note === undefined ? {} : { note }),
  };
};

export const suite: Suite = async (context) => {
  const root = await mkdtemp(join(tmpdir(), 'nerfseg-bench-'));
  try {
    const rows: BenchRow[] = [];
    rows.push(...(await tableRows(join(root, 'tables'), context.quick)));

    await get(writeNuScenes(join(root, 'nuscenes'), [scene('scene-0001', 34_688, 'CAM_FRONT', 1600, 900)]));
    const nuscenes = await get(openNuScenes({ root: join(root, 'nuscenes') }));
    const frame = nuscenes.frame(0);
    const [camera] = frame.cameras;
    await get(writeSemanticKitti(join(root, 'kitti'), [scene('00', 124_668, 'image_2', 1241, 376)]));
    const kitti = (await get(openSemanticKitti({ root: join(root, 'kitti') }))).frame(0);
    const scan = join(root, 'kitti/sequences/00/velodyne/000000.bin');
    const label = join(root, 'kitti/sequences/00/labels/000000.label');

    rows.push({
      name: 'nuScenes: points and labels, 34,688 points',
      ours: await context.timeMedian('nuScenes sweep', () => get(loadLabelled(frame))),
    });
    rows.push(
      await pair(
        context,
        'SemanticKITTI: points and labels, 124,668 points',
        'reading the files alone',
        () => get(loadLabelled(kitti)),
        () => Promise.all([readFile(scan), readFile(label)]),
      ),
    );
    const raw = Uint16Array.from({ length: 124_668 }, (_, i) => [10, 40, 70, 252, 50][i % 5]!);
    rows.push({
      name: 'raw ids to classes, 124,668 points',
      ours: await context.timeMedian('classes', () => classesOfRaw(raw, semanticKittiRawLabels, 'raw')),
    });
    const { points, labels } = await get(loadLabelled(kitti));
    const random = createRandom(1);
    rows.push({
      name: 'augment 124,668 points',
      ours: await context.timeMedian('augment', () => augment(points, labels, random)),
    });
    rows.push({
      name: 'decode a 1600x900 JPEG',
      ours: await context.timeMedian('jpeg', () => get(camera!.image())),
    });
    rows.push({
      name: 'decode a 1241x376 PNG',
      ours: await context.timeMedian('png', () => get(kitti.cameras[0]!.image())),
    });
    const picture = await get(readImage(camera!.imagePath));
    rows.push({
      name: 'write a 1600x900 JPEG, synced',
      ours: await context.timeMedian('write jpeg', () => get(writeJpeg(join(root, 'out.jpg'), picture))),
    });
    rows.push({
      name: 'nuScenes: frame with its camera chain, no files',
      ours: await context.timeMedian('frame', () => nuscenes.frame(0).cameras),
    });
    rows.push(await openKittiRow(context, join(root, 'all-of-kitti')));
    rows.push(...(await feedRows(context, join(root, 'kitti'))));
    return rows;
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};
