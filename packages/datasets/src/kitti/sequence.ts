import { join } from 'node:path';
import { dataError, type Pose, poseFromRows34 } from '@nerfseg/geometry';
import { raise, unwrap } from '../files/guard.js';
import { exists, listFolder, listFolderIfAny } from '../files/list-folder.js';
import { imageSize } from '../images/read-image.js';
import { type KittiCalibration, readCalibration } from './calibration.js';
import { numbersOf, readLines } from './read-numbers.js';

export type KittiCamera = 'image_2' | 'image_3';

/** One drive of SemanticKITTI: everything small about it, read when the data set is opened. */
export interface KittiSequence {
  readonly name: string;
  readonly folder: string;
  readonly calibration: KittiCalibration;
  /** `000000`, ...: names of the scans, which number the rows of times and poses. */
  readonly scans: readonly string[];
  /** Integer microseconds, per scan. */
  readonly timestamps: Float64Array;
  /** `globalFromCamera0` per scan; absent where the sequence has no pose file. */
  readonly poses?: readonly Pose[];
  readonly labelsFolder: string;
  readonly labelled: ReadonlySet<string>;
  readonly camera?: {
    readonly name: KittiCamera;
    readonly width: number;
    readonly height: number;
    readonly extensionOf: ReadonlyMap<string, string>;
  };
}

export interface KittiSequenceOptions {
  readonly camera: KittiCamera | undefined;
  readonly labelsFolder: string;
  readonly poses: string | undefined;
}

/** Reads what is small about one sequence; raises. */
export const readSequence = async (
  sequences: string,
  name: string,
  options: KittiSequenceOptions,
): Promise<KittiSequence> => {
  const folder = join(sequences, name);
  const velodyne = join(folder, 'velodyne');
  const scans = (await listFolder(velodyne)).filter((f) => /^\d+\.bin$/.test(f)).map((f) => f.slice(0, -4));
  if (scans.length === 0) raise(dataError('empty', velodyne, 'scans', 'no NNNNNN.bin', 'at least one scan'));
  const poses = await readPoses(folder, join(sequences, '..', 'poses', `${name}.txt`), scans, options.poses);
  const camera = await readCamera(folder, options.camera);
  return {
    name,
    folder,
    calibration: await readCalibration(join(folder, 'calib.txt')),
    scans,
    timestamps: await readTimes(join(folder, 'times.txt'), scans),
    labelsFolder: options.labelsFolder,
    labelled: new Set(stemsOf(await listFolderIfAny(join(folder, options.labelsFolder)), /\.label$/).keys()),
    ...(poses ? { poses } : {}),
    ...(camera ? { camera } : {}),
  };
};

const stemsOf = (names: readonly string[], extension: RegExp): Map<string, string> =>
  new Map(
    names.flatMap((name) => {
      const match = extension.exec(name);
      return match ? [[name.slice(0, match.index), match[0]] as const] : [];
    }),
  );

/** The row of a file of one row per scan, by the scan's number. */
const rowOf = (lines: readonly string[], scan: string, path: string): string =>
  lines[Number(scan)] ??
  raise(dataError('not-found', path, `row ${Number(scan)}`, `${lines.length} rows`, `one for scan ${scan}`));

const readTimes = async (path: string, scans: readonly string[]): Promise<Float64Array> => {
  const lines = await readLines(path);
  return Float64Array.from(scans, (scan) => {
    const [seconds] = numbersOf(rowOf(lines, scan, path), path, `row ${Number(scan)}`);
    return Math.round(seconds * 1e6);
  });
};

const readPoses = async (
  folder: string,
  odometry: string,
  scans: readonly string[],
  asked: string | undefined,
): Promise<readonly Pose[] | undefined> => {
  const candidates = asked
    ? [join(folder, asked)]
    : [join(folder, 'poses.txt'), join(folder, 'poses_gt_cam0.txt'), odometry];
  for (const path of candidates) {
    if (!asked && !(await exists(path))) continue;
    const lines = await readLines(path);
    return scans.map((scan) => {
      const field = `row ${Number(scan)}`;
      return unwrap(poseFromRows34(numbersOf(rowOf(lines, scan, path), path, field), `${path}: ${field}`));
    });
  }
  return undefined;
};

const readCamera = async (
  folder: string,
  asked: KittiCamera | undefined,
): Promise<KittiSequence['camera']> => {
  for (const name of asked ? [asked] : (['image_2', 'image_3'] as const)) {
    const pictures = join(folder, name);
    const names = asked ? await listFolder(pictures) : await listFolderIfAny(pictures);
    const extensionOf = stemsOf(names, /\.(png|jpg)$/);
    const [first] = extensionOf;
    if (!first) continue;
    // KITTI's calibration does not give the size; it is the same all through a sequence.
    const { width, height } = await imageSize(join(pictures, first[0] + first[1]));
    return { name, width, height, extensionOf };
  }
  return undefined;
};
