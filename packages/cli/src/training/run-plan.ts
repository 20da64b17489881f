import { type Cylinder3dConfig, cylinder3dConfig } from '@nerfseg/backbone';
import { type CylindricalGrid, cylindricalGrid, type DataError, dataError } from '@nerfseg/geometry';
import type { SamOptions } from '@nerfseg/pseudolabel';
import { type TrainSettings, trainSettings } from '@nerfseg/ssl';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import type { DatasetFormat } from '../data/dataset-format.js';
import { checked, type RunConfig } from './run-config.js';

/** Everything about a training run but its data. */
export interface RunPlan {
  readonly seed: number;
  readonly grid: CylindricalGrid;
  readonly network: Cylinder3dConfig;
  readonly settings: TrainSettings;
  readonly masks: SamOptions;
}

/** What the command line says; it wins over the config file. */
export interface PlanFlags {
  readonly method?: string;
  readonly steps?: number;
  readonly width?: number;
  readonly pointWidths?: readonly number[];
  readonly grid?: readonly [number, number, number];
  readonly seed?: number;
  readonly set?: Readonly<Record<string, unknown>>;
}

/**
 * Puts a run together from the data set's format, the config file and the command line.
 *
 * @param numClasses of the data set's label space, class 0 included.
 */
export function planRun(
  format: DatasetFormat,
  numClasses: number,
  config: RunConfig,
  flags: PlanFlags,
): Either<DataError, RunPlan> {
  const { preset, ...overrides } = config.grid;
  const shape = flags.grid ?? overrides.shape;
  const training = {
    ...config.training,
    ...flags.set,
    ...(flags.method === undefined ? {} : { method: flags.method }),
    ...(flags.steps === undefined ? {} : { steps: flags.steps }),
  };
  const settings = checked(trainSettings, training, 'training settings');
  if (isLeft(settings)) return settings;
  try {
    return right({
      seed: flags.seed ?? config.seed ?? 0,
      grid: cylindricalGrid(
        preset ?? (format === 'nuscenes' ? 'nuscenes' : 'semantickitti'),
        present({ ...overrides, shape }),
      ),
      network: cylinder3dConfig({
        numClasses,
        width: flags.width ?? config.network.width ?? 16,
        ...present({
          kernelMaps: config.network.kernelMaps,
          pointWidths: flags.pointWidths ?? config.network.pointWidths,
          voxelInputChannels: config.network.voxelInputChannels,
        }),
      }),
      settings: settings.right,
      masks: present(config.masks),
    });
  } catch (problem) {
    // The builders throw for sizes that cannot be: here they are the user's, not the programmer's.
    if (!(problem instanceof RangeError)) throw problem;
    return left(
      dataError('out-of-range', 'run', 'configuration', problem.message, 'sizes that a run can have'),
    );
  }
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const present = <T extends object>(record: T): Present<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Present<T>;
