import { join } from 'node:path';
import { dataError, poseFromRows34 } from '@nerfseg/geometry';
import { raise, unwrap } from '../files/guard.js';
import { exists, listFolder, listFolderIfAny } from '../files/list-folder.js';
import { imageSize } from '../images/read-image.js';
import type { RawLabelMap } from '../labels/raw-label-map.js';
import { type KittiCalibration, readCalibration } from './calibration.js';
import { numbersOf, readLines } from './read-numbers.js';

export type KittiCamera = 'image_2' | 'image_3';

/** One drive of SemanticKITTI: everything small about it, read when the data set is opened. */
export interface KittiSequence {
  readonly name: string;
  readonly folder: string;
  readonly calibration: KittiCalibration;
  /** `000000`, ...: names of the scans, ascending, which number the rows of times and poses. */
  readonly scans: readonly string[];
  /** Integer microseconds, per scan. */
  readonly timestamps: Float64Array;
  /** [16 * scans] `globalFromCamera0` per scan, one `Pose` after another; absent where the sequence has no pose file. */
  readonly poses?: Float64Array;
  readonly labelsFolder: string;
  readonly rawLabels: RawLabelMap;
  readonly labelled: ReadonlySet<string>;
  /** None, one or both of the colour cameras. */
  readonly cameras: readonly KittiPictures[];
}

/** The pictures of one camera of a sequence. */
export interface KittiPictures {
  readonly name: KittiCamera;
  readonly width: number;
  readonly height: number;
  /** '.png' or '.jpg' of each scan that has a picture. */
  readonly extensionOf: ReadonlyMap<string, string>;
}

export interface KittiSequenceOptions {
  readonly camera: KittiCamera | 'both' | undefined;
  readonly labelsFolder: string;
  readonly rawLabels: RawLabelMap;
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
  // By number: without leading zeros '10' would come before '2'.
  const scans = (await listFolder(velodyne))
    .filter((f) => /^\d+\.bin$/.test(f))
    .map((f) => f.slice(0, -4))
    .sort((a, b) => Number(a) - Number(b));
  if (scans.length === 0) raise(dataError('empty', velodyne, 'scans', 'no NNNNNN.bin', 'at least one scan'));
  const poses = await readPoses(folder, join(sequences, '..', 'poses', `${name}.txt`), scans, options.poses);
  const { labelsFolder, rawLabels } = options;
  return {
    name,
    folder,
    calibration: await readCalibration(join(folder, 'calib.txt')),
    scans,
    timestamps: await readTimes(join(folder, 'times.txt'), scans),
    labelsFolder,
    rawLabels,
    labelled: new Set(stemsOf(await listFolderIfAny(join(folder, labelsFolder)), /(?<=^\d+)\.label$/).keys()),
    cameras: await readCameras(folder, options.camera),
    ...(poses ? { poses } : {}),
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
    const field = `row ${Number(scan)}`;
    const [seconds] = numbersOf(rowOf(lines, scan, path), path, field);
    const microseconds = Math.round(seconds * 1e6);
    if (!Number.isSafeInteger(microseconds))
      raise(dataError('out-of-range', path, field, String(seconds), 'seconds since the first scan'));
    return microseconds;
  });
};

const readPoses = async (
  folder: string,
  odometry: string,
  scans: readonly string[],
  asked: string | undefined,
): Promise<Float64Array | undefined> => {
  const candidates = asked
    ? [join(folder, asked)]
    : [join(folder, 'poses.txt'), join(folder, 'poses_gt_cam0.txt'), odometry];
  for (const path of candidates) {
    if (!asked && !(await exists(path))) continue;
    const lines = await readLines(path);
    const poses = new Float64Array(scans.length * 16);
    for (const [i, scan] of scans.entries()) {
      const field = `row ${Number(scan)}`;
      const rows = numbersOf(rowOf(lines, scan, path), path, field);
      poses.set(unwrap(poseFromRows34(rows, `${path}: ${field}`)), i * 16);
    }
    return poses;
  }
  return undefined;
};

/** What was asked for must be there; otherwise image_2, or image_3 where there is no image_2, or neither. */
const readCameras = async (
  folder: string,
  asked: KittiSequenceOptions['camera'],
): Promise<readonly KittiPictures[]> => {
  const found: KittiPictures[] = [];
  for (const name of asked && asked !== 'both' ? [asked] : (['image_2', 'image_3'] as const)) {
    const pictures = join(folder, name);
    const names = asked ? await listFolder(pictures) : await listFolderIfAny(pictures);
    const extensionOf = stemsOf(names, /(?<=^\d+)\.(png|jpg)$/);
    const [first] = extensionOf;
    if (!first) {
      if (asked) raise(dataError('empty', pictures, 'pictures', 'no NNNNNN.png or .jpg', 'at least one'));
      continue;
    }
    // KITTI's calibration does not give the size; it is the same all through a sequence.
    const { width, height } = await imageSize(join(pictures, first[0] + first[1]));
    found.push({ name, width, height, extensionOf });
    if (asked !== 'both') break;
  }
  return found;
};
