import { link, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openSemanticKitti, writePng } from '@nerfseg/datasets';
import { formatError, image } from '@nerfseg/geometry';
import type { BenchContext, BenchRow } from '../harness.js';

/** Scans of SemanticKITTI's sequences 00 to 21: 43,552. */
const scansOf = [
  4541, 1101, 4661, 801, 271, 2761, 1101, 1101, 4071, 1591, 1201, 921, 1061, 3281, 631, 1901, 1731, 491, 1801,
  4981, 831, 2721,
];

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

/** All 22 sequences with calibration, times, poses, labels of the first eleven and pictures; every scan is one file. */
const writeSequences = async (root: string, share: number): Promise<number> => {
  await mkdir(root, { recursive: true });
  const point = path.join(root, 'point');
  const label = path.join(root, 'label');
  const picture = path.join(root, 'picture.png');
  await writeFile(point, new Uint8Array(16));
  await writeFile(label, new Uint8Array(4));
  await writePng(picture, image(1241, 376))();
  let scans = 0;
  for (const [number, whole] of scansOf.entries()) {
    const folder = path.join(root, 'sequences', pad(number, 2));
    const count = Math.ceil(whole * share);
    for (const name of ['velodyne', 'labels', 'image_2'])
      await mkdir(path.join(folder, name), { recursive: true });
    const rows = '718.856 0 607.1928 0 0 718.856 185.2157 0 0 0 1 0';
    const rigid = '1 0 0 0.1 0 1 0 0.2 0 0 1 0.3';
    const calib = [...[0, 1, 2, 3].map((i) => `P${i}: ${rows}`), `Tr: ${rigid}`].join('\n');
    await writeFile(path.join(folder, 'calib.txt'), calib);
    await writeFile(
      path.join(folder, 'times.txt'),
      Array.from({ length: count }, (_, i) => i / 10).join('\n'),
    );
    const pose =
      '9.999978e-01 5.272628e-04 -2.066935e-03 -4.690294e-02 -5.296506e-04 9.999992e-01 -1.154865e-03 ' +
      '-2.839928e-02 2.066324e-03 1.155958e-03 9.999971e-01 8.586941e-01\n';
    await writeFile(path.join(folder, 'poses.txt'), pose.repeat(count));
    for (let scan = 0; scan < count; scan += 500)
      await Promise.all(
        Array.from({ length: Math.min(500, count - scan) }, async (_, i) => {
          const name = pad(scan + i, 6);
          await link(point, path.join(folder, 'velodyne', `${name}.bin`));
          await link(picture, path.join(folder, 'image_2', `${name}.png`));
          if (number < 11) await link(label, path.join(folder, 'labels', `${name}.label`));
        }),
      );
    scans += count;
  }
  return scans;
};

/** Opening all of SemanticKITTI, and what stays in memory of it. */
export const openKittiRow = async (context: BenchContext, root: string): Promise<BenchRow> => {
  const scans = await writeSequences(root, context.quick ? 0.05 : 1);
  const open = async (): Promise<number> => {
    const opened = await openSemanticKitti({ root })();
    if (opened._tag === 'Left') throw new Error(formatError(opened.left));
    return opened.right.length;
  };
  if ((await open()) !== scans) throw new Error(`SemanticKITTI: not ${scans} scans`);
  const before = process.memoryUsage();
  const held = await openSemanticKitti({ root })();
  const after = process.memoryUsage();
  const grown = after.heapUsed + after.external - before.heapUsed - before.external;
  const name = `SemanticKITTI: open all ${scans.toLocaleString('en-US')} scans`;
  return {
    name,
    ours: await context.timeMedian(name, open),
    note: `holds about ${(grown / 1e6).toFixed(0)} MB (${held._tag === 'Right' ? held.right.length : 0} scans)`,
  };
};
