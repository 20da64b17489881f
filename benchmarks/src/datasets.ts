import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
import type { BenchContext, BenchRow, Suite } from './harness.js';

const get = async <A>(task: TaskEither<DataError, A>): Promise<A> => {
  const result = await task();
  if (result._tag === 'Left') throw new Error(formatError(result.left));
  return result.right;
};

const token = (...words: (string | number)[]): string =>
  createHash('md5').update(words.join('/')).digest('hex');

/** Tables of a nuScenes of `scenes` scenes as the real ones are: one row in ten is of a key frame. No sensor files. */
const writeTables = async (folder: string, scenes: number): Promise<number> => {
  const channels = ['LIDAR_TOP', 'CAM_FRONT', 'CAM_BACK', 'CAM_FRONT_LEFT', 'CAM_FRONT_RIGHT', 'RADAR_FRONT'];
  const all = [...Array(scenes).keys()];
  const readings = all.flatMap((scene) =>
    channels.flatMap((channel) => [...Array(400).keys()].map((i) => ({ scene, channel, i }))),
  );
  const rotation = [0.5, -0.5, 0.5, -0.5];
  const tables: Record<string, object[]> = {
    sensor: channels.map((channel) => ({
      token: token(channel),
      channel,
      modality: channel.startsWith('CAM') ? 'camera' : channel.startsWith('LIDAR') ? 'lidar' : 'radar',
    })),
    calibrated_sensor: channels.map((channel) => ({
      token: token('calibrated', channel),
      sensor_token: token(channel),
      translation: [1, 0, 1.5],
      rotation,
      camera_intrinsic: channel.startsWith('CAM')
        ? [
            [1266.4, 0, 816.2],
            [0, 1266.4, 491.5],
            [0, 0, 1],
          ]
        : [],
    })),
    scene: all.map((scene) => ({ token: token('scene', scene), name: `scene-${scene}` })),
    sample: all.flatMap((scene) =>
      [...Array(40).keys()].map((k) => ({
        token: token('sample', scene, k),
        scene_token: token('scene', scene),
        timestamp: k * 500_000,
        prev: token('sample', scene, k - 1),
        next: token('sample', scene, k + 1),
      })),
    ),
    category: [],
    sample_data: readings.map(({ scene, channel, i }) => ({
      token: token(scene, channel, i),
      sample_token: token('sample', scene, Math.floor(i / 10)),
      ego_pose_token: token(scene, channel, i),
      calibrated_sensor_token: token('calibrated', channel),
      timestamp: i * 50_000,
      fileformat: 'jpg',
      is_key_frame: i % 10 === 0,
      height: 900,
      width: 1600,
      filename: `samples/${channel}/n015-2018-07-24-11-22-45+0800__${channel}__${i * 50_000}.jpg`,
      prev: token(scene, channel, i - 1),
      next: token(scene, channel, i + 1),
    })),
    ego_pose: readings.map(({ scene, channel, i }) => ({
      token: token(scene, channel, i),
      timestamp: i * 50_000,
      rotation: [0.5720320396729045, -0.0016977771610471074, 0.011798001930183783, -0.8201446642457809],
      translation: [411.3039349319818 + i, 1180.8903791765097, 0],
    })),
  };
  await mkdir(folder, { recursive: true });
  let bytes = 0;
  for (const [name, rows] of Object.entries(tables)) {
    const text = JSON.stringify(rows, undefined, 0);
    bytes += text.length;
    await writeFile(join(folder, `${name}.json`), text);
  }
  return bytes;
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
    const tables = join(root, 'tables');
    const bytes = await writeTables(join(tables, 'v1.0-trainval'), context.quick ? 5 : 40);
    rows.push(
      await pair(
        context,
        `nuScenes: open tables of ${(bytes / 1e6).toFixed(0)} MB`,
        'JSON.parse of whole tables',
        () => get(openNuScenes({ root: tables })),
        async () => {
          for (const name of ['sample', 'sample_data', 'ego_pose'])
            JSON.parse(await readFile(join(tables, 'v1.0-trainval', `${name}.json`), 'utf8'));
        },
        'the peer only parses, and cannot hold the real tables',
      ),
    );

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
