import {
  type ArrayAllocator,
  type CylindricalGrid,
  type DataError,
  dataError,
  freshArrays,
  type PointCloud,
  type Random,
  type VoxelizedScan,
  voxelize,
  voxelLabels,
} from '@nerfseg/geometry';
import { isNone } from 'fp-ts/lib/Option.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { type AugmentOptions, augment } from '../augment/augment.js';
import { gatherPositions } from '../augment/gather.js';
import { laserMix } from '../augment/laser-mix.js';
import type { MixSettings } from '../augment/mix-settings.js';
import type { MixedScan, MixInput, PointOrigins } from '../augment/mixed-scan.js';
import { polarMix } from '../augment/polar-mix.js';
import { identityAffine } from '../augment/transform-affine.js';
import { guard, raise, unwrap } from '../files/guard.js';
import type { Frame } from '../types.js';

/** Points as a network takes them. */
export interface VoxelizedPoints {
  /** After augmentation, if any. */
  readonly points: PointCloud;
  /** [N], all 0 when the labels were not asked for. */
  readonly pointLabels: Uint8Array;
  readonly scan: VoxelizedScan;
  /** [V] */
  readonly labels: Uint8Array;
}

/** A frame's points, as training and evaluation take them. */
export interface PreparedScan extends VoxelizedPoints {
  readonly frame: Frame;
  /** [N*3] metres, before augmentation: what the cameras saw. */
  readonly positionsBefore: Float32Array;
  /** [M*3] metres, before augmentation: of all points in the frame's files; absent where none was dropped. */
  readonly sweepBefore?: Float32Array;
  /** 4x4 affine, column-major: what augmentation did to the LiDAR frame (identity without it). */
  readonly augmentedFromLidar: Float64Array;
  /** [N] rows of the points in the frame's files; absent where none was dropped. */
  readonly kept?: Int32Array;
}

/** Points of two frames, mixed. */
export interface PreparedMix extends VoxelizedPoints {
  /** From which of the frames each point came, by which transform, and which row of its files it was. */
  readonly origins: PointOrigins;
}

export interface PrepareOptions {
  readonly grid: CylindricalGrid;
  readonly numClasses: number;
  /** Read the labels: a frame that has none is then an error. */
  readonly labelled: boolean;
  /**
   * Whether unlabelled points vote on a voxel's label. Default true, the evaluation convention; training passes false,
   * since 0 means "not asked" where annotation is sparse (scribbles).
   */
  readonly ignoreVotes?: boolean;
  /** Augment with this generator, which is this scan's (or mix's) alone: forks of it do not depend on what was drawn before. */
  readonly augmentation?: Random;
  /** How far augmentation goes. Default: Cylinder3D's. */
  readonly augment?: AugmentOptions;
  /** Where the large arrays come from. Default: new ones. */
  readonly arrays?: ArrayAllocator;
}

/** Reads, augments and voxelizes one frame. Fails where the files, the points or the labels are bad. */
export const prepareScan = (frame: Frame, options: PrepareOptions): TaskEither<DataError, PreparedScan> =>
  guard(async () => {
    const { points, labels } = await read(frame, options);
    const moved = options.augmentation
      ? augment(points, labels, options.augmentation, withArrays(options))
      : { points, labels, augmentedFromLidar: identityAffine() };
    const { positions } = points;
    return {
      frame,
      ...voxelized(frame.id, moved.points, moved.labels, options.labelled, options),
      positionsBefore: moved.kept ? gatherPositions(positions, moved.kept) : positions,
      augmentedFromLidar: moved.augmentedFromLidar,
      ...(moved.kept ? { kept: moved.kept, sweepBefore: positions } : {}),
    };
  });

/**
 * Reads and augments two frames, each by itself, mixes them and voxelizes what comes out: two scans of LaserMix, one
 * of PolarMix. Labels of a frame that is not labelled are 0.
 *
 * @param labelled whether the labels of each of the frames are read.
 * @param random what is drawn for the mix; each frame's augmentation is a fork of `options.augmentation`.
 */
export const prepareMix = (
  frames: readonly [Frame, Frame],
  labelled: readonly [boolean, boolean],
  mix: MixSettings,
  random: Random,
  options: Omit<PrepareOptions, 'labelled'>,
): TaskEither<DataError, readonly PreparedMix[]> =>
  guard(async () => {
    const input = async (i: 0 | 1): Promise<MixInput> => {
      const { points, labels } = await read(frames[i], { ...options, labelled: labelled[i] });
      const { augmentation } = options;
      return augmentation
        ? augment(points, labels, augmentation.fork(`scan ${i}`), withArrays(options))
        : { points, labels };
    };
    const inputs = [await input(0), await input(1)] as const;
    const mixed: readonly MixedScan[] =
      mix.method === 'laser' ? laserMix(inputs, random, mix) : [polarMix(inputs, random, mix)];
    const name = `${frames[0].id} with ${frames[1].id}`;
    return mixed.map(({ points, labels, origins }) => ({
      ...voxelized(name, points, labels, labelled[0] || labelled[1], options),
      origins,
    }));
  });

const withArrays = ({ augment: how, arrays }: Omit<PrepareOptions, 'labelled'>): AugmentOptions => ({
  ...how,
  ...(arrays ? { arrays } : {}),
});

const read = async (
  frame: Frame,
  { labelled, arrays = freshArrays }: PrepareOptions,
): Promise<{ points: PointCloud; labels: Uint8Array }> => {
  const [foundPoints, foundLabels] = await Promise.all([
    frame.points(arrays)(),
    labelled ? frame.labels(arrays)() : undefined,
  ]);
  const points = unwrap(foundPoints);
  const count = points.intensity.length;
  if (!foundLabels) return { points, labels: arrays.uint8(count).fill(0) };
  const labels = unwrap(foundLabels);
  if (isNone(labels))
    return raise(
      dataError('not-found', frame.id, 'labels', 'none', 'labels for a frame of the labelled split'),
    );
  const { length } = labels.value;
  if (length !== count)
    raise(dataError('mismatch', frame.id, 'labels', `${length} labels`, `${count}, one per point`));
  return { points, labels: labels.value };
};

const voxelized = (
  source: string,
  points: PointCloud,
  pointLabels: Uint8Array,
  labelled: boolean,
  { grid, numClasses, ignoreVotes = true, arrays = freshArrays }: Omit<PrepareOptions, 'labelled'>,
): VoxelizedPoints => {
  const scan = unwrap(voxelize(points, grid, { source, arrays }));
  const labels = labelled
    ? voxelLabels(scan, pointLabels, numClasses, { ignoreVotes, arrays })
    : arrays.uint8(scan.coords.length / 3).fill(0);
  return { points, pointLabels, scan, labels };
};
