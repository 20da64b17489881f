import { execFileSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchRow } from '../harness.js';
import { median } from '../median.js';
import { trainvalSize, writeSyntheticTables } from './nuscenes-tables.js';

interface Measured {
  readonly ms: number;
  readonly kib: number;
  readonly frames: number;
}

const child = fileURLToPath(new URL('./open-tables.js', import.meta.url));
const open = (root: string, options: object = {}): Measured =>
  JSON.parse(execFileSync(process.execPath, [child, root, JSON.stringify(options)], { encoding: 'utf8' }));

// As the official devkit does: every table is loaded and kept. Only those that ours reads are.
const python = `
import json, resource, sys, time
start = time.perf_counter()
kept = []
for table in ['sensor', 'calibrated_sensor', 'scene', 'sample', 'sample_data', 'category', 'lidarseg', 'panoptic', 'ego_pose']:
    with open(sys.argv[1] + '/' + table + '.json') as file:
        kept.append(json.load(file))
ms = (time.perf_counter() - start) * 1000
print(json.dumps({'ms': ms, 'kib': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, 'frames': len(kept[3])}))
`;
const load = (folder: string): Measured =>
  JSON.parse(execFileSync('/usr/bin/python3', ['-c', python, folder], { encoding: 'utf8' }));

const megabytes = (runs: readonly Measured[]): string =>
  `${(Math.max(...runs.map((run) => run.kib)) / 1024).toFixed(0)} MiB`;

/** Index of tables of v1.0-trainval's size (a hundredth of it when quick) against json.load, each in a process of its own. */
export const tableRows = async (root: string, quick: boolean): Promise<BenchRow[]> => {
  const { keyframes, readings } = trainvalSize;
  const size = quick
    ? { scenes: 8, keyframes: Math.round(keyframes / 100), readings: Math.round(readings / 100) }
    : trainvalSize;
  const folder = join(root, 'v1.0-trainval');
  const bytes = Object.values(writeSyntheticTables(folder, size)).reduce((a, b) => a + b);
  const name = `${size.readings} rows of sample_data, ${(bytes / 1e6).toFixed(0)} MB`;
  const havePython = existsSync('/usr/bin/python3');
  const [built, loaded, reopened, all]: Measured[][] = [[], [], [], []];
  for (let run = 0; run < 3; run++) {
    rmSync(join(folder, '.nerfseg-index'), { force: true });
    built!.push(open(root, { index: 'disk' }));
    if (havePython) loaded!.push(load(folder));
    reopened!.push(open(root, { index: 'disk' }));
    all!.push(open(root, { index: 'disk', keyframesOnly: false }));
  }
  const ours = median(built!.map((run) => run.ms));
  const peer = havePython ? median(loaded!.map((run) => run.ms)) : undefined;
  return [
    {
      name: `nuScenes: index of ${name}`,
      ours,
      ...(peer === undefined ? {} : { peer, peerName: "Python's json.load", ratio: peer / ours }),
      note: `peak memory ${megabytes(built!)}${havePython ? ` against ${megabytes(loaded!)}` : ''}`,
    },
    {
      name: `nuScenes: reopen, ${reopened![0]!.frames} key frames`,
      ours: median(reopened!.map((run) => run.ms)),
      note: `peak memory ${megabytes(reopened!)}`,
    },
    {
      name: `nuScenes: reopen, ${all![0]!.frames} sweeps`,
      ours: median(all!.map((run) => run.ms)),
      note: `peak memory ${megabytes(all!)}`,
    },
  ];
};
