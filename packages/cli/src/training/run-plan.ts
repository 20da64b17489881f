import { type Cylinder3dConfig, cylinder3dConfig } from '@nerfseg/backbone';
import { type CylindricalGrid, cylindricalGrid, type DataError, dataError } from '@nerfseg/geometry';
import type { TrainSettings } from '@nerfseg/ssl';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { MaskSettings } from '../config/mask-settings.js';
import { type RunConfig, runConfig } from '../config/run-config.js';
import type { DatasetFormat } from '../data/dataset-format.js';

/** Everything about a training run but its data. */
export interface RunPlan {
  readonly seed: number;
  readonly grid: CylindricalGrid;
  readonly network: Cylinder3dConfig;
  readonly settings: TrainSettings;
  readonly masks: MaskSettings;
}

/**
 * Puts a run together from the data set's format and the settings.
 *
 * @param numClasses of the data set's label space, class 0 included.
 */
export function planRun(
  format: DatasetFormat,
  numClasses: number,
  { seed, network, grid, training, masks }: RunConfig,
): Either<DataError, RunPlan> {
  const { preset, ...overrides } = grid;
  try {
    return right({
      seed,
      grid: cylindricalGrid(
        preset ?? (format === 'nuscenes' ? 'nuscenes' : 'semantickitti'),
        present(overrides),
      ),
      network: cylinder3dConfig({ numClasses, width: network.width, ...present(network) }),
      settings: training,
      masks,
    });
  } catch (problem) {
    // The builders throw for sizes that cannot be: here they are the user's, not the programmer's.
    if (!(problem instanceof RangeError)) throw problem;
    return left(
      dataError('out-of-range', 'run', 'configuration', problem.message, 'sizes that a run can have'),
    );
  }
}

/** A plan as a configuration file says it, defaults and all: with the same data it is the same run again. */
export const configOf = ({ seed, grid, network, settings, masks }: RunPlan): RunConfig => {
  const { width, kernelMaps, pointWidths, voxelInputChannels } = network;
  const { rho, z, shape, interval, wrapAzimuth } = grid;
  return runConfig.parse({
    seed,
    network: { width, kernelMaps, pointWidths, voxelInputChannels },
    grid: { rho, z, shape, interval, wrapAzimuth },
    training: settings,
    masks,
  });
};

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

const present = <T extends object>(record: T): Present<T> =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Present<T>;
