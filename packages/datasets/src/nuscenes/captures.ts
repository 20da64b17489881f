import { join } from 'node:path';
import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import type { Calibration } from './calibrations.js';
import { readTable } from './read-table.js';
import { sampleDataRow, sampleRow, sceneRow } from './rows.js';

/** One reading of one sensor: a row of sample_data. */
export interface Capture {
  readonly token: string;
  readonly sample: string;
  readonly keyframe: boolean;
  readonly timestamp: number;
  readonly filename: string;
  readonly width: number;
  readonly height: number;
  readonly calibration: Calibration;
  /** Index among the ego poses. */
  readonly egoPose: number;
}

/** One drive's readings, by time. */
export interface SceneCaptures {
  readonly name: string;
  readonly lidar: Capture[];
  /** By channel. */
  readonly cameras: Map<string, Capture[]>;
}

export interface Captures {
  readonly scenes: readonly SceneCaptures[];
  /** ego_pose token to index. */
  readonly egoPoses: ReadonlyMap<string, number>;
}

const keyframeText = /"is_key_frame"\s*:\s*true/;

/** Reads the readings of LIDAR_TOP and the cameras in those scenes whose name is wanted. */
export const readCaptures = async (
  folder: string,
  wanted: (scene: string) => boolean,
  keyframesOnly: boolean,
  calibrations: ReadonlyMap<string, Calibration>,
): Promise<Captures> => {
  const scenes = new Map<string, SceneCaptures>();
  await readTable(folder, 'scene', sceneRow, ({ token, name }) => {
    if (wanted(name)) scenes.set(token, { name, lidar: [], cameras: new Map() });
  });
  const sceneOfSample = new Map<string, SceneCaptures>();
  await readTable(folder, 'sample', sampleRow, ({ token, scene_token }) => {
    const scene = scenes.get(scene_token);
    if (scene) sceneOfSample.set(token, scene);
  });
  const egoPoses = new Map<string, number>();
  const samplesWithSweep = new Set<string>();
  await readTable(
    folder,
    'sample_data',
    sampleDataRow,
    (row) => {
      const scene = sceneOfSample.get(row.sample_token);
      if (!scene || (keyframesOnly && !row.is_key_frame)) return;
      const calibration = calibrations.get(row.calibrated_sensor_token);
      if (!calibration) return;
      const lidar = calibration.channel === 'LIDAR_TOP';
      let egoPose = egoPoses.get(row.ego_pose_token);
      if (egoPose === undefined) egoPoses.set(row.ego_pose_token, (egoPose = egoPoses.size));
      const capture: Capture = {
        token: row.token,
        sample: row.sample_token,
        keyframe: row.is_key_frame,
        timestamp: row.timestamp,
        filename: row.filename,
        width: row.width ?? 0,
        height: row.height ?? 0,
        calibration,
        egoPose,
      };
      if (lidar) {
        scene.lidar.push(capture);
        if (capture.keyframe) samplesWithSweep.add(capture.sample);
      } else {
        const channel = scene.cameras.get(calibration.channel);
        if (channel) channel.push(capture);
        else scene.cameras.set(calibration.channel, [capture]);
      }
    },
    keyframesOnly ? { accept: (text) => keyframeText.test(text) } : {},
  );
  for (const token of sceneOfSample.keys())
    if (!samplesWithSweep.has(token))
      raise(
        dataError(
          'not-found',
          join(folder, 'sample_data.json'),
          `sample_token ${token}`,
          'no key frame of LIDAR_TOP',
          'one for every sample',
        ),
      );
  const byTime = (a: Capture, b: Capture): number => a.timestamp - b.timestamp;
  for (const scene of scenes.values()) {
    scene.lidar.sort(byTime);
    for (const channel of scene.cameras.values()) channel.sort(byTime);
  }
  return { scenes: [...scenes.values()], egoPoses };
};
