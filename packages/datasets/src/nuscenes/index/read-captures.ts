import { join } from 'node:path';
import { dataError } from '@nerfseg/geometry';
import { raise } from '../../files/guard.js';
import { sampleDataRow } from '../rows.js';
import { readScannedTable } from '../scan/read-scanned-table.js';
import { rowScanner } from '../scan/row-scanner.js';
import { type TokenTable, tokenTable } from '../scan/token-table.js';
import type { Aliases } from './aliases.js';
import type { BytePool } from './byte-pool.js';
import { type CaptureColumns, growingColumns } from './capture-columns.js';
import { partKinds } from './layout.js';
import { namePattern, withoutTimestamp } from './name-pattern.js';
import { addName } from './read-label-files.js';
import type { Samples } from './read-samples.js';

/** The readings of LIDAR_TOP and the cameras, in the order of sample_data.json. */
export interface Captures {
  readonly rows: number;
  /** `group` is scene * 3 + kind of part. */
  readonly columns: CaptureColumns;
  readonly egoPoses: TokenTable;
}

/** Sensors by calibrated_sensor token: channel, or -1 for one that is passed over (radars). */
export interface SensorTable {
  readonly tokens: TokenTable;
  readonly channel: readonly number[];
  /** Row among the calibrations that are kept. */
  readonly kept: readonly number[];
}

export const readCaptures = async (
  folder: string,
  { samples, sceneOf }: Samples,
  sensors: SensorTable,
  pool: BytePool,
  aliases: Aliases,
  onBytes: (bytes: number) => void,
): Promise<Captures> => {
  const path = join(folder, 'sample_data.json');
  const scanner = rowScanner([
    { name: 'token', kind: 'token' },
    { name: 'sample_token', kind: 'token' },
    { name: 'ego_pose_token', kind: 'token' },
    { name: 'calibrated_sensor_token', kind: 'token' },
    { name: 'timestamp', kind: 'integer' },
    { name: 'is_key_frame', kind: 'boolean' },
    { name: 'height', kind: 'pixels' },
    { name: 'width', kind: 'pixels' },
    { name: 'filename', kind: 'text' },
  ]);
  const { words, numbers, ranges } = scanner;
  const [token, sampleAt, egoPoseAt, sensorAt, timestampAt, keyframeAt, heightAt, widthAt] = [
    'token',
    'sample_token',
    'ego_pose_token',
    'calibrated_sensor_token',
    'timestamp',
    'is_key_frame',
    'height',
    'width',
  ].map(scanner.slot);
  const table = growingColumns();
  const egoPoses = tokenTable();
  const pattern = namePattern();
  const tokenText = (): string => scanner.tokenText('token');
  await readScannedTable(
    folder,
    'sample_data',
    sampleDataRow,
    scanner,
    () => {
      const sensor = sensors.tokens.find(words, sensorAt);
      if (sensor < 0)
        raise(
          dataError(
            'not-found',
            path,
            `token ${tokenText()}, calibrated_sensor_token`,
            scanner.tokenText('calibrated_sensor_token'),
            'a token of calibrated_sensor.json',
          ),
        );
      const channel = sensors.channel[sensor];
      const sample = samples.find(words, sampleAt);
      // Tables of a part of the data set may still have rows of the rest.
      if (channel < 0 || sample < 0 || sceneOf[sample] < 0) return;
      const timestamp = numbers[timestampAt];
      withoutTimestamp(pattern, scanner.bytes, ranges[0], ranges[1], timestamp);
      const kind = numbers[keyframeAt] === 1 ? 0 : channel === 0 ? 1 : 2;
      aliases.note(scanner, 'token');
      aliases.note(scanner, 'ego_pose_token');
      const row = table.addRow();
      const columns = table.columns();
      columns.timestamps[row] = timestamp;
      for (let w = 0; w < 4; w++) columns.tokens[row * 4 + w] = words[token + w];
      columns.group[row] = sceneOf[sample] * partKinds.length + kind;
      columns.channel[row] = channel;
      columns.calibrations[row] = sensors.kept[sensor];
      columns.samples[row] = sample;
      columns.files[row] = addName(pool, pattern, path, tokenText);
      columns.widths[row] = numbers[widthAt];
      columns.heights[row] = numbers[heightAt];
      columns.egoPoses[row] = egoPoses.add(words, egoPoseAt);
    },
    onBytes,
  );
  return { rows: table.rows(), columns: table.columns(), egoPoses };
};
