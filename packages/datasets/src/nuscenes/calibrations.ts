import { join } from 'node:path';
import { dataError, type Pose, poseFromQuaternion } from '@nerfseg/geometry';
import { raise, unwrap } from '../files/guard.js';
import type { CalibrationEntry } from './index/layout.js';
import type { SensorTable } from './index/read-captures.js';
import { readTable } from './read-table.js';
import { calibratedSensorRow, sensorRow } from './rows.js';
import { tokenTable } from './scan/token-table.js';
import { tokenWords } from './scan/token-words.js';

/** One sensor as it was mounted on one drive. */
export interface Calibration {
  readonly channel: string;
  readonly egoFromSensor: Pose;
  /** [9] row-major K; empty for what is no camera. */
  readonly intrinsics: Float64Array;
  /** File and token, for errors. */
  readonly source: string;
}

/** Around the car, as the official viewer lists them. */
const officialOrder = [
  'CAM_FRONT',
  'CAM_FRONT_RIGHT',
  'CAM_BACK_RIGHT',
  'CAM_BACK',
  'CAM_BACK_LEFT',
  'CAM_FRONT_LEFT',
];

const rank = (channel: string): number => {
  const index = officialOrder.indexOf(channel);
  return index < 0 ? officialOrder.length : index;
};

export interface Sensors {
  /** LIDAR_TOP, then the cameras in the official order, others after them. */
  readonly channels: readonly string[];
  readonly calibrations: readonly CalibrationEntry[];
  readonly table: SensorTable;
}

/** sensor.json and calibrated_sensor.json. Radars and other LiDARs are known, and passed over. */
export const readSensors = async (folder: string): Promise<Sensors> => {
  const sensors = new Map<string, { readonly channel: string; readonly modality: string }>();
  await readTable(folder, 'sensor', sensorRow, ({ token, channel, modality }) => {
    sensors.set(token, { channel, modality });
  });
  const cameras = new Set([...sensors.values()].filter((s) => s.modality === 'camera').map((s) => s.channel));
  cameras.delete('LIDAR_TOP');
  const channels = [
    'LIDAR_TOP',
    ...[...cameras].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0)),
  ];
  const calibrations: CalibrationEntry[] = [];
  const tokens = tokenTable();
  const channelOf: number[] = [];
  const kept: number[] = [];
  const path = join(folder, 'calibrated_sensor.json');
  await readTable(folder, 'calibrated_sensor', calibratedSensorRow, (row) => {
    const sensor =
      sensors.get(row.sensor_token) ??
      raise(
        dataError(
          'not-found',
          path,
          `token ${row.token}, sensor_token`,
          row.sensor_token,
          'a token of sensor.json',
        ),
      );
    const channel = channels.indexOf(sensor.channel);
    const number = tokens.add(tokenWords(row.token), 0);
    channelOf[number] = channel;
    kept[number] = calibrations.length;
    if (channel < 0) return;
    const { token, translation, rotation } = row;
    unwrap(poseFromQuaternion(translation, rotation, `${path}: token ${token}`));
    calibrations.push({ token, channel, translation, rotation, intrinsics: row.camera_intrinsic.flat() });
  });
  return { channels, calibrations, table: { tokens, channel: channelOf, kept } };
};

/** What a calibration is called in errors. */
export const calibrationSource = (folder: string, token: string): string =>
  `${join(folder, 'calibrated_sensor.json')}: token ${token}`;

/** A calibration as frames use it. */
export const calibrationOf = (
  folder: string,
  channels: readonly string[],
  { token, channel, translation, rotation, intrinsics }: CalibrationEntry,
): Calibration => {
  const source = calibrationSource(folder, token);
  return {
    channel: channels[channel],
    egoFromSensor: unwrap(poseFromQuaternion(translation, rotation, source)),
    intrinsics: Float64Array.from(intrinsics),
    source,
  };
};
