import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  composePoses,
  formatError,
  type Image,
  identityPose,
  image,
  poseFromRows34,
  projectPoints,
} from '@nerfseg/geometry';
import { isLeft } from 'fp-ts/lib/Either.js';
import sharp from 'sharp';
import type { LidarHints } from '../sources/types.js';

/** The official learning map of SemanticKITTI's raw ids, moving classes merged; all else is 0. */
const CLASS_OF_RAW: Readonly<Record<number, number>> = Object.fromEntries(
  Object.entries({
    1: [10, 252],
    2: [11],
    3: [15],
    4: [18, 258],
    5: [13, 16, 20, 256, 257, 259],
    6: [30, 254],
    7: [31, 253],
    8: [32, 255],
    9: [40, 60],
    10: [44],
    11: [48],
    12: [49],
    13: [50],
    14: [51],
    15: [70],
    16: [71],
    17: [72],
    18: [80],
    19: [81],
  }).flatMap(([id, raw]) => raw.map((r) => [r, Number(id)])),
);

export interface KittiFrame {
  readonly picture: Image;
  /** [N*2] column, row of each point; -1, -1 where out of view. */
  readonly pixels: Int32Array;
  /** [N] */
  readonly labels: Uint8Array;
  /** The points as hints. */
  readonly lidar: LidarHints;
}

/** A labelled frame of the sample data, its points projected into its picture. For tests. */
export async function readKittiFrame(root: string, number: number): Promise<KittiFrame> {
  const folder = path.join(root, 'semantickitti/sequences/00');
  const name = String(number).padStart(6, '0');
  const calibration = Object.fromEntries(
    (await readFile(path.join(folder, 'calib.txt'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => [
        line.slice(0, line.indexOf(':')),
        line
          .slice(line.indexOf(':') + 1)
          .trim()
          .split(/\s+/)
          .map(Number),
      ]),
  );
  const { data, info } = await sharp(path.join(folder, 'image_3', `${name}.png`))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const scan = await readFile(path.join(folder, 'velodyne', `${name}.bin`));
  const raw = await readFile(path.join(folder, 'labels', `${name}.label`));
  const count = raw.length / 4;
  const positions = new Float32Array(count * 3);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < 3; k++) positions[3 * i + k] = scan.readFloatLE(16 * i + 4 * k);
    labels[i] = CLASS_OF_RAW[raw.readUInt32LE(4 * i) & 0xffff] ?? 0;
  }
  // P3 = K [I | t]: the right camera stands t = K^-1 P3[:, 3] beside the rectified frame's origin.
  const p: number[] = calibration.P3;
  const [fx, cx, fy, cy] = [p[0]!, p[2]!, p[5]!, p[6]!];
  const shift = identityPose();
  shift[14] = p[11]!;
  shift[12] = (p[3]! - cx * p[11]!) / fx;
  shift[13] = (p[7]! - cy * p[11]!) / fy;
  const rectified = poseFromRows34(calibration.Tr, 'calib.txt');
  if (isLeft(rectified)) throw new Error(formatError(rectified.left));
  const { u, v, depth, visible } = projectPoints(positions, composePoses(shift, rectified.right), {
    width: info.width,
    height: info.height,
    intrinsics: Float64Array.of(fx, 0, cx, 0, fy, cy, 0, 0, 1),
  });
  const pixels = new Int32Array(count * 2).fill(-1);
  for (let i = 0; i < count; i++) {
    if (visible[i] === 0) {
      // Out of view: not counted as uncovered.
      labels[i] = 0;
      continue;
    }
    pixels[2 * i] = Math.floor(u[i]!);
    pixels[2 * i + 1] = Math.floor(v[i]!);
  }
  return {
    picture: image(info.width, info.height, new Uint8Array(data)),
    pixels,
    labels,
    lidar: { u, v, depth, visible },
  };
}
