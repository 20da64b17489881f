import { join } from 'node:path';
import { dataError, type Pose, poseFromQuaternion } from '@nerfseg/geometry';
import { raise, unwrap } from '../files/guard.js';
import { readTable } from './read-table.js';
import { calibratedSensorRow, sensorRow } from './rows.js';

/** One sensor as it was mounted on one drive. */
export interface Calibration {
  readonly channel: string;
  readonly modality: string;
  readonly egoFromSensor: Pose;
  /** [9] row-major K; empty for what is no camera. */
  readonly intrinsics: Float64Array;
  /** File and token, for errors. */
  readonly source: string;
}

/** The calibrations of the LiDAR and the cameras (radars are left out), by token of calibrated_sensor. */
export const readCalibrations = async (folder: string): Promise<ReadonlyMap<string, Calibration>> => {
  const sensors = new Map<string, { readonly channel: string; readonly modality: string }>();
  await readTable(folder, 'sensor', sensorRow, ({ token, channel, modality }) => {
    sensors.set(token, { channel, modality });
  });
  const calibrations = new Map<string, Calibration>();
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
    if (sensor.modality !== 'camera' && sensor.channel !== 'LIDAR_TOP') return;
    const source = `${path}: token ${row.token}`;
    calibrations.set(row.token, {
      ...sensor,
      egoFromSensor: unwrap(poseFromQuaternion(row.translation, row.rotation, source)),
      intrinsics: Float64Array.from(row.camera_intrinsic.flat()),
      source,
    });
  });
  return calibrations;
};
