import { join } from 'node:path';
import { type DataError, dataError, image } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { allSettled } from '../files/all-settled.js';
import { crc32 } from '../files/crc32.js';
import { guard, raise } from '../files/guard.js';
import { npzBytes } from '../files/npz.js';
import { putFile } from '../files/put-file.js';
import { refuseRepeated } from '../files/refuse-repeated.js';
import { encodeJpeg, encodePng } from '../images/write-image.js';
import { nuscenesLabelSpace, nuscenesRawLabels } from '../labels/nuscenes.js';
import { rawOfClasses } from '../labels/raw-label-map.js';
import type { FrameRecord, SceneRecord, WrittenFrame } from '../record.js';
import { checkFrame, checkPose } from './check-record.js';
import { newTables, poseColumns, type Row, type Tables } from './nuscenes-tables.js';
import { type InstanceNumbers, instanceNumbers } from './panoptic-labels.js';
import { nuscenesPointBytes } from './point-records.js';
import { tokenOf } from './token-of.js';

export interface WriteNuScenesOptions {
  /** Default 'v1.0-mini'. */
  readonly version?: string;
  /** Makes tokens differ between data sets of the same scene names. Default 'nerfseg'. */
  readonly seed?: string | number;
  /** 'jpg' as the original, or 'png', which loses nothing. Default 'jpg'. */
  readonly imageFormat?: 'jpg' | 'png';
  /** JPEG quality, 1 to 100. Default 90. */
  readonly quality?: number;
}

/** What a writer left behind. */
export interface WriteSummary {
  readonly scenes: number;
  readonly frames: number;
}

/**
 * Writes scenes as a nuScenes data set with lidarseg, and panoptic labels where frames have instances: pictures, sweeps and labels as they come, the tables at the end,
 * so that an interrupted run leaves no data set that looks whole. One call writes all scenes of a version. Tokens
 * are hashes of seed, scene and index: the same input gives the same files.
 *
 * Intensity is rounded to the format's 256 steps, a class is written as its plainest raw category, and there are no
 * boxes (instance, sample_annotation and attribute are empty). For official splits use official scene names.
 *
 * @returns `unavailable` when the folder cannot be written, `mismatch` for a scene name that comes twice, two sweeps of a scene at
 *   the same time, different pictures of a camera at the same time, or a camera that comes twice in a frame or is called LIDAR_TOP (files are named by these), `out-of-range` for more than 999 objects of a
 *   category in a scene.
 */
export const writeNuScenes = (
  root: string,
  scenes: Iterable<SceneRecord> | AsyncIterable<SceneRecord>,
  options: WriteNuScenesOptions = {},
): TaskEither<DataError, WriteSummary> =>
  guard(async () => {
    const { version = 'v1.0-mini' } = options;
    const tables = newTables();
    let frames = 0;
    let count = 0;
    const names = new Set<string>();
    for await (const scene of scenes) {
      refuseRepeated(names, scene.name, root, 'scene name');
      frames += await writeScene(root, version, scene, tables, options);
      count++;
    }
    const map = tokenOf('map', options.seed ?? '');
    // The official devkit wants a map with every log; a black one says that nothing is known.
    await putFile(join(root, 'maps', `${map}.png`), await encodePng(image(16, 16)));
    tables.map.push({
      token: map,
      category: 'semantic_prior',
      filename: `maps/${map}.png`,
      log_tokens: tables.log.map((log) => log.token),
    });
    for (const [name, rows] of Object.entries(tables)) {
      // As in the official release, only a data set with such labels has their table: with one, the devkit wants their folder, too.
      if ((name === 'panoptic' || name === 'lidarseg') && rows.length === 0) continue;
      await putFile(
        join(root, version, `${name}.json`),
        `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`,
      );
    }
    return { scenes: count, frames };
  });

const writeScene = async (
  root: string,
  version: string,
  scene: SceneRecord,
  tables: Tables,
  options: WriteNuScenesOptions,
): Promise<number> => {
  checkPose(scene.egoFromLidar, `${scene.name}: egoFromLidar`);
  const { seed = 'nerfseg' } = options;
  const token = (...words: (string | number)[]): string => tokenOf(seed, scene.name, ...words);
  const logfile = `nerfseg-${scene.name}`;
  const lastOf = new Map<string, Row>();
  const numbers = instanceNumbers(`${root}: ${scene.name}`);
  const readings = new Set<string>();
  const pictures = new Map<string, number>();
  const state: SceneState = {
    root,
    version,
    scene,
    tables,
    options,
    token,
    logfile,
    lastOf,
    readings,
    pictures,
    numbers,
  };
  let count = 0;
  for await (const frame of scene.frames) await writeFrame(state, frame, count++);
  tables.log.push({
    token: token('log'),
    logfile,
    vehicle: 'simulated',
    date_captured: '1970-01-01',
    location: 'simulated',
  });
  tables.scene.push({
    token: token('scene'),
    log_token: token('log'),
    nbr_samples: count,
    first_sample_token: count > 0 ? token('sample', 0) : '',
    last_sample_token: count > 0 ? token('sample', count - 1) : '',
    name: scene.name,
    description: scene.description ?? '',
  });
  return count;
};

interface SceneState {
  readonly root: string;
  readonly version: string;
  readonly scene: SceneRecord;
  readonly tables: Tables;
  readonly options: WriteNuScenesOptions;
  readonly token: (...words: (string | number)[]) => string;
  readonly logfile: string;
  /** The row before, per channel, whose `next` is still open. */
  readonly lastOf: Map<string, Row>;
  /** Channels and times of the readings so far. */
  readonly readings: Set<string>;
  /** CRC-32 of the pictures so far, by file. */
  readonly pictures: Map<string, number>;
  readonly numbers: InstanceNumbers;
}

/** Links a row to the one before it of the same kind. */
const link = ({ lastOf }: SceneState, kind: string, row: Row): Row => {
  const before = lastOf.get(kind);
  if (before) {
    before.next = row.token;
    row.prev = before.token;
  }
  lastOf.set(kind, row);
  return row;
};

const writeFrame = async (
  state: SceneState,
  frame: FrameRecord | WrittenFrame,
  index: number,
): Promise<void> => {
  checkFrame(frame, nuscenesLabelSpace.names.length);
  const { root, version, scene, tables, options, token, logfile } = state;
  const { imageFormat = 'jpg', quality } = options;
  const sample = token('sample', index);
  tables.sample.push(
    link(state, 'sample', {
      token: sample,
      timestamp: frame.timestamp,
      prev: '',
      next: '',
      scene_token: token('scene'),
    }),
  );
  const addReading = (
    channel: string,
    reading: { timestamp: number; fileformat: string; width: number; height: number; extension: string },
    globalFromEgo: FrameRecord['globalFromEgo'],
    calibration: string,
    // Sweeps may share a picture; one sweep has one of each camera.
    key = `${channel} of frame ${index}`,
  ): { token: string; filename: string } => {
    const { timestamp, fileformat, width, height, extension } = reading;
    refuseRepeated(state.readings, key, `${root}: ${scene.name}`, 'sensor and time');
    const id = token('sample_data', channel, index);
    const filename = `samples/${channel}/${logfile}__${channel}__${timestamp}.${extension}`;
    tables.ego_pose.push({ token: id, timestamp, ...poseColumns(globalFromEgo) });
    tables.sample_data.push(
      link(state, channel, {
        token: id,
        sample_token: sample,
        ego_pose_token: id,
        calibrated_sensor_token: calibration,
        timestamp,
        fileformat,
        is_key_frame: true,
        height,
        width,
        filename,
        prev: '',
        next: '',
      }),
    );
    return { token: id, filename };
  };

  const sweep = addReading(
    'LIDAR_TOP',
    { timestamp: frame.timestamp, fileformat: 'pcd', width: 0, height: 0, extension: 'pcd.bin' },
    frame.globalFromEgo,
    calibrate(state, 'LIDAR_TOP', 'lidar', poseColumns(scene.egoFromLidar), []),
    `LIDAR_TOP at ${frame.timestamp}`,
  );
  // A camera by the scanner's name would be taken for a sweep.
  state.readings.add(`LIDAR_TOP of frame ${index}`);
  const labels = `lidarseg/${version}/${sweep.token}_lidarseg.bin`;
  if ('written' in frame ? frame.labelled : frame.labels)
    tables.lidarseg.push({ token: sweep.token, sample_data_token: sweep.token, filename: labels });
  const pictures = frame.cameras.map((camera) => {
    const { name, timestamp, width, height, intrinsics: k } = camera;
    const rows = [0, 3, 6].map((row) => Array.from(k.subarray(row, row + 3)));
    return addReading(
      name,
      { timestamp, fileformat: imageFormat, width, height, extension: imageFormat },
      camera.globalFromEgoAtCamera,
      calibrate(state, name, 'camera', poseColumns(camera.egoFromCamera), rows),
    );
  });
  const addPanoptic = (): string => {
    const filename = `panoptic/${version}/${sweep.token}_panoptic.npz`;
    tables.panoptic.push({ token: sweep.token, sample_data_token: sweep.token, filename });
    return filename;
  };
  if ('written' in frame) {
    if (!frame.objects) return;
    addPanoptic();
    const categories = rawOfClasses(
      Uint8Array.from(frame.objects, ({ label }) => label),
      nuscenesRawLabels,
    );
    state.numbers.enter(frame.objects.map(({ instance }, i) => ({ category: categories[i], instance })));
    return;
  }
  const raw = frame.labels && rawOfClasses(frame.labels, nuscenesRawLabels);
  const data = raw && frame.instances && state.numbers.panoptic(raw, frame.instances);
  const files = [putFile(join(root, sweep.filename), nuscenesPointBytes(frame.points))];
  if (raw) files.push(putFile(join(root, labels), Uint8Array.from(raw)));
  if (data) files.push(putFile(join(root, addPanoptic()), npzBytes({ data })));
  await allSettled([
    ...files,
    ...frame.cameras.map(async ({ image: picture }, i) => {
      const bytes = imageFormat === 'png' ? await encodePng(picture) : await encodeJpeg(picture, quality);
      const { filename } = pictures[i];
      const crc = crc32(bytes);
      if ((state.pictures.get(filename) ?? crc) !== crc)
        raise(
          dataError(
            'mismatch',
            `${root}: ${scene.name}`,
            `${frame.cameras[i].name} at ${frame.cameras[i].timestamp}`,
            'another picture than that of an earlier frame',
            'one picture of a camera at a time',
            'Pictures are named by camera and time; frames may share one.',
          ),
        );
      state.pictures.set(filename, crc);
      await putFile(join(root, filename), bytes);
    }),
  ]);
};

/** The token of a calibration, which is written once per scene and whenever it changes. */
const calibrate = (
  { tables, token }: SceneState,
  channel: string,
  modality: string,
  pose: ReturnType<typeof poseColumns>,
  intrinsic: readonly (readonly number[])[],
): string => {
  const sensor = tokenOf('sensor', channel);
  if (!tables.sensor.some((row) => row.token === sensor))
    tables.sensor.push({ token: sensor, channel, modality });
  const id = token('calibrated_sensor', channel, JSON.stringify([pose, intrinsic]));
  if (!tables.calibrated_sensor.some((row) => row.token === id))
    tables.calibrated_sensor.push({
      token: id,
      sensor_token: sensor,
      ...pose,
      camera_intrinsic: intrinsic,
    });
  return id;
};
