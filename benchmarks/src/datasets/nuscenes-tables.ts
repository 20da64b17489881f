import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { nuscenesCategories, nuscenesScenes } from '@nerfseg/datasets';
import { createRandom } from '@nerfseg/geometry';

/** How large a synthetic nuScenes is. */
export interface TableSize {
  readonly scenes: number;
  readonly keyframes: number;
  /** Rows of sample_data, and of ego_pose. */
  readonly readings: number;
}

/** v1.0-trainval. */
export const trainvalSize: TableSize = { scenes: 850, keyframes: 34_149, readings: 2_631_083 };

const cameras = ['FRONT', 'FRONT_RIGHT', 'BACK_RIGHT', 'BACK', 'BACK_LEFT', 'FRONT_LEFT'].map(
  (n) => `CAM_${n}`,
);
const radars = ['FRONT', 'FRONT_LEFT', 'FRONT_RIGHT', 'BACK_LEFT', 'BACK_RIGHT'].map((n) => `RADAR_${n}`);
const channels = ['LIDAR_TOP', ...cameras, ...radars];

/** 32 hexadecimal digits that look random and are the same for the same numbers. */
const token = (kind: number, n: number): string => {
  let text = '';
  let h = Math.imul(kind + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b);
  for (let w = 0; w < 4; w++) {
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) + n;
    h = Math.imul(h ^ (h >>> 12), 0x297a2d39) ^ kind;
    h ^= h >>> 15;
    text += (h >>> 0).toString(16).padStart(8, '0');
  }
  return text;
};
const [ofSample, ofReading, ofScene, ofCalibration, ofSensor, ofLog, ofCategory] = [
  1, 2, 3, 4, 5, 6, 7,
] as const;

/** Writes rows as the official tables are written: one value per line. */
const tableWriter = (folder: string, name: string) => {
  const file = openSync(join(folder, `${name}.json`), 'w');
  let text = '[\n';
  let rows = 0;
  let bytes = 0;
  const flush = (): void => {
    bytes += writeSync(file, text);
    text = '';
  };
  return {
    row: (row: object): void => {
      text += `${rows++ > 0 ? ',\n' : ''}${JSON.stringify(row, undefined, 0).replaceAll('":', '": ').replaceAll(',"', ',\n"').replace('{', '{\n').replace(/}$/, '\n}')}`;
      if (text.length > 1 << 22) flush();
    },
    close: (): number => {
      text += '\n]';
      flush();
      closeSync(file);
      return bytes;
    },
  };
};

interface Reading {
  readonly number: number;
  readonly scene: number;
  readonly sample: number;
  readonly channel: number;
  readonly keyframe: boolean;
  readonly timestamp: number;
}

/** How many readings a sample has of each channel, so that all come to the wanted number. */
const readingsPerSample = ({ keyframes, readings }: TableSize): ((sample: number) => readonly number[]) => {
  const sweeps = readings - keyframes * channels.length;
  const each = Math.floor(sweeps / keyframes);
  const extra = sweeps - each * keyframes;
  // LiDAR at 20 Hz, cameras at 12, radars at 13, as near as whole numbers come.
  const lidar = Math.min(9, each);
  const perCamera = Math.min(5, Math.floor((each - lidar) / cameras.length));
  const rest = each - lidar - perCamera * cameras.length;
  return (sample) =>
    channels.map((_, c) => {
      if (c === 0) return 1 + lidar + (sample < extra ? 1 : 0);
      if (c <= cameras.length) return 1 + perCamera;
      const r = c - 1 - cameras.length;
      return 1 + Math.floor(rest / radars.length) + (r < rest % radars.length ? 1 : 0);
    });
};

/**
 * Writes the tables (no sensor files) of a nuScenes of any size, in the official schema and layout. Tables of boxes are
 * empty.
 *
 * @returns bytes by table.
 */
export const writeSyntheticTables = (
  folder: string,
  size: TableSize = trainvalSize,
): Record<string, number> => {
  mkdirSync(folder, { recursive: true });
  const bytes: Record<string, number> = {};
  const write = (name: string, rows: Iterable<object>): void => {
    const table = tableWriter(folder, name);
    for (const row of rows) table.row(row);
    bytes[name] = table.close();
  };
  const { scenes, keyframes } = size;
  const names = [...nuscenesScenes('train'), ...nuscenesScenes('val')];
  const sceneName = (scene: number): string => names[scene] ?? `scene-${2000 + scene}`;
  const firstSample = (scene: number): number => Math.floor((scene * keyframes) / scenes);
  const perSample = readingsPerSample(size);
  const start = 1_532_402_927_000_000;
  const logOf = (scene: number): number => Math.floor(scene / 12.5);
  const logfile = (scene: number): string =>
    `n015-2018-07-24-11-22-${String(logOf(scene)).padStart(2, '0')}+0800`;

  // Where every sample's readings begin: the numbering of sample_data and ego_pose.
  const firstReading = new Uint32Array(keyframes + 1);
  for (let s = 0; s < keyframes; s++)
    firstReading[s + 1] = firstReading[s]! + perSample(s).reduce((sum, count) => sum + count, 0);

  function* readingsOf(scene: number): Generator<Reading> {
    for (let sample = firstSample(scene); sample < firstSample(scene + 1); sample++) {
      let number = firstReading[sample]!;
      const counts = perSample(sample);
      for (let channel = 0; channel < counts.length; channel++)
        for (let i = 0; i < counts[channel]!; i++)
          yield {
            number: number++,
            scene,
            sample,
            channel,
            // What is between key frames belongs to the sample that follows.
            keyframe: i === counts[channel]! - 1,
            timestamp:
              start +
              scene * 40_000_000 +
              (sample - firstSample(scene)) * 500_000 +
              Math.floor(((i + 1) * 500_000) / counts[channel]!) -
              channel * 5_000 +
              (sample % 97),
          };
    }
  }
  const all = Array.from({ length: scenes }, (_, scene) => scene);

  write(
    'sensor',
    channels.map((channel, c) => ({
      token: token(ofSensor, c),
      channel,
      modality: c === 0 ? 'lidar' : c <= cameras.length ? 'camera' : 'radar',
    })),
  );
  write(
    'calibrated_sensor',
    all.flatMap((scene) =>
      channels.map((_, c) => ({
        token: token(ofCalibration, scene * channels.length + c),
        sensor_token: token(ofSensor, c),
        translation: [1.70079118954 + c / 10, 0.0159456324149, 1.51095763913],
        rotation: [0.4998015430569128, -0.5030316162024876, 0.4997798114386805, -0.49737083824542755],
        camera_intrinsic:
          c >= 1 && c <= cameras.length
            ? [
                [1266.417203046554, 0, 816.2670197447984],
                [0, 1266.417203046554, 491.50706579294757],
                [0, 0, 1],
              ]
            : [],
      })),
    ),
  );
  write(
    'category',
    nuscenesCategories.map(([name], index) => ({
      token: token(ofCategory, index),
      name,
      description: '',
      index,
    })),
  );
  write(
    'log',
    Array.from({ length: logOf(scenes - 1) + 1 }, (_, log) => ({
      token: token(ofLog, log),
      logfile: logfile(log * 13),
      vehicle: 'n015',
      date_captured: '2018-07-24',
      location: 'singapore-onenorth',
    })),
  );
  write(
    'scene',
    all.map((scene) => ({
      token: token(ofScene, scene),
      log_token: token(ofLog, logOf(scene)),
      nbr_samples: firstSample(scene + 1) - firstSample(scene),
      first_sample_token: token(ofSample, firstSample(scene)),
      last_sample_token: token(ofSample, firstSample(scene + 1) - 1),
      name: sceneName(scene),
      description: 'Parked truck, construction, intersection, turn left, following a van',
    })),
  );
  for (const name of ['attribute', 'instance', 'map', 'sample_annotation', 'visibility']) write(name, []);
  const samples = function* () {
    for (const scene of all)
      for (let sample = firstSample(scene); sample < firstSample(scene + 1); sample++)
        yield {
          token: token(ofSample, sample),
          timestamp: start + scene * 40_000_000 + (sample - firstSample(scene) + 1) * 500_000 + (sample % 97),
          prev: sample > firstSample(scene) ? token(ofSample, sample - 1) : '',
          next: sample + 1 < firstSample(scene + 1) ? token(ofSample, sample + 1) : '',
          scene_token: token(ofScene, scene),
        };
  };
  write('sample', samples());
  const lidarKeyframe = (sample: number): string =>
    token(ofReading, firstReading[sample]! + perSample(sample)[0]! - 1);
  for (const [name, ending] of [
    ['lidarseg', 'lidarseg.bin'],
    ['panoptic', 'panoptic.npz'],
  ] as const)
    write(
      name,
      Array.from({ length: keyframes }, (_, sample) => ({
        token: lidarKeyframe(sample),
        sample_data_token: lidarKeyframe(sample),
        filename: `${name}/v1.0-trainval/${lidarKeyframe(sample)}_${ending}`,
      })),
    );
  const readings = function* () {
    for (const scene of all)
      for (const { number, sample, channel, keyframe, timestamp } of readingsOf(scene)) {
        const camera = channel >= 1 && channel <= cameras.length;
        const name = channels[channel]!;
        const extension = camera ? 'jpg' : channel === 0 ? 'pcd.bin' : 'pcd';
        yield {
          token: token(ofReading, number),
          sample_token: token(ofSample, sample),
          ego_pose_token: token(ofReading, number),
          calibrated_sensor_token: token(ofCalibration, scene * channels.length + channel),
          timestamp,
          fileformat: camera ? 'jpg' : 'pcd',
          is_key_frame: keyframe,
          height: camera ? 900 : 0,
          width: camera ? 1600 : 0,
          filename: `${keyframe ? 'samples' : 'sweeps'}/${name}/${logfile(scene)}__${name}__${timestamp}.${extension}`,
          prev: token(ofReading, number - 1),
          next: token(ofReading, number + 1),
        };
      }
  };
  write('sample_data', readings());
  const random = createRandom('ego poses');
  // Backwards, so that nothing is won by the two tables being in the same order.
  const poses = function* () {
    for (const scene of all.toReversed())
      for (const { number, timestamp } of readingsOf(scene)) {
        const yaw = scene + number / 5000 + random.next() / 1000;
        const tilt = random.next() / 100;
        const norm = Math.hypot(1, tilt, tilt / 2);
        yield {
          token: token(ofReading, number),
          timestamp,
          rotation: [Math.cos(yaw / 2) / norm, tilt / norm, tilt / 2 / norm, Math.sin(yaw / 2) / norm],
          translation: [411.3039349319818 + scene + random.next() * 20, 1180.8903791765097 + number / 700, 0],
        };
      }
  };
  write('ego_pose', poses());
  return bytes;
};
