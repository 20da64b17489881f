import type { Cylinder3dConfig, Network } from '@nerfseg/backbone';
import type { FrameDataset } from '@nerfseg/datasets';
import type { CylindricalGrid, DataError, Random } from '@nerfseg/geometry';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { ReadAhead } from '../data/scan-source.js';
import type { MasksOf } from '../methods/method.js';
import type { BestRecord, LossRecord, ValidationRecord } from '../runs/record.js';
import type { TrainSettings } from './settings.js';

export interface TrainOptions {
  readonly dataset: FrameDataset;
  /** Frames whose labels may be read. */
  readonly labelled: readonly number[];
  /** Frames of which only points and pictures are read; used by all methods but 'supervised'. */
  readonly unlabelled: readonly number[];
  readonly grid: CylindricalGrid;
  readonly network: Cylinder3dConfig;
  readonly settings: TrainSettings;
  /** Needed by methods that look at pictures: `methods[name].needs.masks`. */
  readonly masks?: MasksOf;
  /** What makes the masks, as plain data: part of the run's identity, which is not continued with other masks. */
  readonly masksFrom?: Readonly<Record<string, unknown>>;
  readonly random: Random;
  readonly onProgress?: (progress: LossRecord & { readonly steps: number }) => void;
  /** Called as labelled frames are read and counted, before the first step. */
  readonly onScan?: (done: number, total: number) => void;
  /** What the user should know: a damaged checkpoint that was passed over, say. */
  readonly onNote?: (line: string) => void;
  /** The run saves a checkpoint and stops. */
  readonly signal?: AbortSignal;
  /**
   * Where to keep checkpoints, the history (JSON lines) and TensorBoard's event files. A run whose folder holds part of
   * it goes on from there, and ends with the same weights, bit for bit, as if it had never stopped (same engine).
   */
  readonly runFolder?: string;
  /** Called once the run folder has been found empty or this run's own, before the first step: to write beside it what belongs to the run. */
  readonly onOpen?: TaskEither<DataError, void>;
  /** Frames that `settings.validateEvery` scores the averaged network on. */
  readonly validation?: { readonly dataset: FrameDataset; readonly frames: readonly number[] };
  readonly onValidation?: (record: ValidationRecord) => void;
  /** Gets the averaged network whenever it is the best so far: to save it. */
  readonly onBest?: (network: Network, best: BestRecord) => TaskEither<DataError, void>;
  /** Read, augment and voxelize in threads, while a step is computed. */
  readonly readAhead?: ReadAhead;
}
