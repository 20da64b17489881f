import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { feed } from '@nerfseg/datasets';
import { createRandom, cylindricalGrid, formatError } from '@nerfseg/geometry';
import type { BenchContext, BenchRow } from '../harness.js';
import { median } from '../median.js';

const script = fileURLToPath(new URL('../../peers/scan_feed.py', import.meta.url));
const grid = cylindricalGrid('semantickitti');

interface Measured {
  /** Milliseconds per scan and worker. */
  readonly ms: number;
  readonly voxels: number;
  readonly labelled: number;
}

interface Scans {
  /** The data set's folder, its sequence, and how many labelled scans it begins with. */
  readonly root: string;
  readonly sequence: string;
  readonly scans: number;
}

/** Our feed: `count` scans per worker. */
const ours = async (
  { root, sequence, scans }: Scans,
  workers: number,
  count: number,
  augment = true,
): Promise<Measured> => {
  const warm = 5 * workers;
  const items = Array.from({ length: warm + count * workers }, (_, i) => ({
    frame: i % scans,
    labelled: true,
    augment,
  }));
  let start = 0;
  let last = { voxels: 0, labelled: 0 };
  for await (const fed of feed(items, {
    dataset: { format: 'semantickitti', root, sequences: [sequence] },
    grid,
    random: createRandom(1),
    workers,
    reuse: true,
  })) {
    if (fed._tag === 'Left') throw new Error(formatError(fed.left));
    if (fed.right.position === warm) start = performance.now();
    const { labels } = fed.right.scan!;
    last = { voxels: labels.length, labelled: labels.filter((label) => label > 0).length };
  }
  // The scan at `warm` was ready when the clock started.
  return { ms: ((performance.now() - start) * workers) / (count * workers - 1), ...last };
};

const peer = async (
  python: string,
  { root, sequence, scans }: Scans,
  processes: number,
  count: number,
  more: readonly string[] = [],
  environment: NodeJS.ProcessEnv = {},
): Promise<Measured> => {
  const folder = path.join(root, 'sequences', sequence);
  const args = [script, folder, String(scans), String(processes), String(count), ...more];
  const { stdout } = await promisify(execFile)(python, args, { env: { ...process.env, ...environment } });
  return JSON.parse(stdout) as Measured;
};

/** A Python that has numpy, and whose result on a scan as it is agrees with ours; or why there is none. */
const findPeer = async (scans: Scans): Promise<string | undefined> => {
  for (const python of [process.env.NERFSEG_PYTHON, 'python3', '/usr/bin/python3']) {
    if (python === undefined) continue;
    const theirs = await peer(python, scans, 1, scans.scans, ['--plain']).catch(() => undefined);
    if (!theirs) continue;
    const mine = await ours(scans, 1, scans.scans, false);
    // Points within rounding of a border between cells may differ: float32 there, float64 here.
    const apart = Math.abs(mine.voxels - theirs.voxels) + Math.abs(mine.labelled - theirs.labelled);
    if (apart > theirs.voxels / 1000)
      throw new Error(`feed: ${JSON.stringify(mine)} here, ${JSON.stringify(theirs)} with numpy`);
    return python;
  }
  return undefined;
};

/** glibc told to keep freed memory: numpy then pays for computing alone, not for mapping new memory. */
const keepsMemory = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 30),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 32),
};

/** Load, augment and voxelize: scans per worker against numpy, with one worker and with two. */
export const feedRows = async ({ quick, realData }: BenchContext, made: string): Promise<BenchRow[]> => {
  const real = realData && path.join(realData, 'semantickitti');
  const scans =
    real && existsSync(path.join(real, 'sequences/00/labels/000002.label'))
      ? { root: real, sequence: '00', scans: 3 }
      : { root: made, sequence: '00', scans: 1 };
  const python = await findPeer(scans);
  const rows: BenchRow[] = [];
  const count = quick ? 30 : 100;
  for (const workers of [1, 2]) {
    const times: { ours: number; plain: number; keeps: number }[] = [];
    for (let round = 0; round < (quick ? 1 : 5); round++)
      times.push({
        ours: (await ours(scans, workers, count)).ms,
        plain: python ? (await peer(python, scans, workers, count >> 1)).ms : Number.NaN,
        keeps: python ? (await peer(python, scans, workers, count >> 1, [], keepsMemory)).ms : Number.NaN,
      });
    const own = median(times.map((time) => time.ours));
    const rate = `${((1000 * workers) / own).toFixed(0)} scans/s`;
    const name = `feed 480x360x32, ${workers} worker${workers > 1 ? 's' : ''}, ms per scan and worker`;
    if (!python) {
      rows.push({ name, ours: own, note: `${rate}; no Python with numpy: our side alone` });
      continue;
    }
    for (const [kind, peerName] of [
      ['plain', 'numpy, as many processes'],
      ['keeps', 'the same, malloc told to keep freed memory'],
    ] as const) {
      const theirs = median(times.map((time) => time[kind]));
      rows.push({ name, ours: own, peer: theirs, peerName, ratio: theirs / own, note: rate });
    }
  }
  return rows;
};
