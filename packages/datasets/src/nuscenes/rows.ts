import { z } from 'zod';

/** The longest side of a picture that is believed, pixels. */
export const largestSide = 1_000_000;

/** What is used of the rows of nuScenes' tables (docs/schema_nuscenes.md of the official devkit). */
const token = z.string().min(1);
const vector3 = z.array(z.number()).length(3);
const quaternion = z.array(z.number()).length(4);
const microseconds = z.int();
const pixels = z.int().min(0).max(largestSide);

export const sensorRow = z.object({ token, channel: z.string(), modality: z.string() });
export const calibratedSensorRow = z.object({
  token,
  sensor_token: token,
  translation: vector3,
  rotation: quaternion,
  camera_intrinsic: z.array(z.array(z.number())),
});
export const egoPoseRow = z.object({ token, translation: vector3, rotation: quaternion });
export const sceneRow = z.object({ token, name: z.string().min(1) });
export const sampleRow = z.object({ token, scene_token: token, timestamp: microseconds });
export const sampleDataRow = z.object({
  token,
  sample_token: token,
  ego_pose_token: token,
  calibrated_sensor_token: token,
  timestamp: microseconds,
  is_key_frame: z.boolean(),
  width: pixels.nullish(),
  height: pixels.nullish(),
  filename: z.string().min(1),
});
export const categoryRow = z.object({
  token,
  name: z.string(),
  index: z.int().min(0).max(255).optional(),
});
export const labelFileRow = z.object({ sample_data_token: token, filename: z.string().min(1) });
