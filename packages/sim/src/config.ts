import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import { z } from 'zod';
import type { LidarModel } from './sensors/lidar.js';
import {
  hdl32e,
  hdl64e,
  kittiCameras,
  kittiLidarMount,
  type LidarMount,
  nuScenesCameras,
  nuScenesLidarMount,
  scannerNames,
  scanners,
} from './sensors/presets.js';
import type { CameraMount } from './sensors/rig.js';
import { conditions } from './world/conditions.js';
import { worldKinds } from './world/street-profile.js';

export const simulationFormats = ['nuscenes', 'semantickitti', 'scribblekitti'] as const;
export type SimulationFormat = (typeof simulationFormats)[number];

const triple = z.tuple([z.number(), z.number(), z.number()]);
const positive = z.number().positive();
const count = z.number().int().min(0);

const lidarSchema = z
  .strictObject({
    elevations: z.array(z.number().min(-1.5).max(1.5)).min(1).max(255),
    azimuthSteps: z.number().int().min(8).max(20000),
    rate: positive,
    model: z.enum(scannerNames),
    range: z.union([
      z.number().min(10).max(250),
      z.tuple([positive, positive.max(250)]).refine(([near, far]) => near < far, 'near must be below far'),
    ]),
    rangeNoise: z.number().min(0),
    dropOut: z.number().min(0).max(1),
    startAzimuth: z.number(),
    clockwise: z.boolean(),
    timestampPhase: z.number().min(0).max(1),
    compensated: z.boolean(),
    translation: triple,
    yaw: z.number(),
  })
  .partial();

const cameraSchema = z.strictObject({
  // It becomes a folder's.
  name: z.string().regex(/^\w[\w-]*$/, 'letters, digits, _ and -'),
  translation: triple,
  yaw: z.number(),
  pitch: z.number().default(0),
  focal: positive,
  center: z.tuple([z.number(), z.number()]),
  nativeSize: z.tuple([positive, positive]),
  fires: z.union([z.number(), z.literal('sweep')]).default('sweep'),
});

const simulationSchema = z.strictObject({
  seed: z.union([z.number(), z.string()]).default(0),
  format: z.enum(simulationFormats),
  scenes: z
    .strictObject({ train: count, val: count })
    .default({ train: 2, val: 1 })
    .refine(({ train, val }) => train + val > 0, 'at least one scene'),
  framesPerScene: z.number().int().min(1).max(10000).default(5),
  frameSpacing: positive.default(0.5),
  kinds: z
    .array(z.enum(worldKinds))
    .min(1)
    .default([...worldKinds]),
  conditions: z
    .array(z.enum(conditions))
    .min(1)
    .default([...conditions]),
  speed: z.tuple([z.number().min(0), z.number().min(0)]).default([5, 12]),
  lidar: lidarSchema.default({}),
  cameras: z.array(z.union([z.string(), cameraSchema])).optional(),
  imageSize: z
    .strictObject({ width: z.number().int().min(8).max(8192), height: z.number().int().min(8).max(8192) })
    .optional(),
  supersampling: z.union([z.literal(0), z.literal(4)]).default(4),
  imageFormat: z.enum(['jpg', 'png']).default('jpg'),
  groundTruth: z.boolean().default(true),
  movingTruth: z.boolean().optional(),
});

/** What may be asked for; everything but the format has a default. */
export type SimulationOptions = z.input<typeof simulationSchema>;

/** Options with every default filled in and every preset resolved. */
export interface SimulationConfig
  extends Omit<z.output<typeof simulationSchema>, 'lidar' | 'cameras' | 'imageSize'> {
  readonly lidar: LidarModel;
  readonly lidarMount: LidarMount;
  readonly cameras: readonly CameraMount[];
  readonly imageSize: { readonly width: number; readonly height: number };
}

/**
 * Checks options and fills in defaults: HDL-32E and six cameras for nuScenes, HDL-64E and image_2 for the KITTI formats.
 * Cameras are named (the format's own) or described in full. An error names the option.
 */
export const simulationConfig = (options: SimulationOptions): Either<DataError, SimulationConfig> => {
  const parsed = simulationSchema.safeParse(options);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return left(
      dataError(
        'malformed',
        'simulation options',
        issue.path.join('.') || 'options',
        shown(issue.path.reduce<unknown>((value, key) => (value as never)?.[key], options)),
        issue.message,
      ),
    );
  }
  const { lidar, cameras, imageSize, ...rest } = parsed.data;
  const nuScenes = rest.format === 'nuscenes';
  const presets = nuScenes ? nuScenesCameras : kittiCameras;
  const mount = nuScenes ? nuScenesLidarMount : kittiLidarMount;
  const chosen: CameraMount[] = [];
  for (const camera of cameras ?? (nuScenes ? presets.map((preset) => preset.name) : ['image_2'])) {
    const found = typeof camera === 'string' ? presets.find((preset) => preset.name === camera) : camera;
    if (!found) {
      return left(
        dataError(
          'not-found',
          'simulation options',
          'cameras',
          String(camera),
          presets.map((p) => p.name).join(', '),
        ),
      );
    }
    chosen.push(found);
  }
  const names = chosen.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined)
    return left(dataError('malformed', 'simulation options', 'cameras', `${twice} twice`, 'each name once'));
  const { translation, yaw, model, range, ...overrides } = lidar;
  const unit: LidarModel = { ...(nuScenes ? hdl32e : hdl64e), ...(model ? scanners[model] : {}) };
  return right({
    ...rest,
    lidar: {
      ...unit,
      ...defined(overrides),
      // A number is how far it reaches; how near is the scanner's own.
      range: typeof range === 'number' ? [unit.range[0], range] : (range ?? unit.range),
    },
    lidarMount: { translation: translation ?? mount.translation, yaw: yaw ?? mount.yaw },
    cameras: chosen,
    imageSize: imageSize ?? (nuScenes ? { width: 480, height: 270 } : { width: 620, height: 188 }),
  });
};

/** A value as an error shows it. */
const shown = (value: unknown): string => {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text === undefined ? 'nothing' : text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const defined = <T extends object>(value: T): Defined<T> =>
  Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Defined<T>;
