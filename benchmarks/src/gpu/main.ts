// `npm run bench:gpu [-- --quick] [--json FILE]`: the WebGPU engine's speed on this machine's GPU, as shares of what the card can do, and against
// PyTorch on the same card.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { selectEngine, webGpuAdapters } from '@nerfseg/ops';
import { type Check, checkOps } from './check.js';
import { createClock } from './clock.js';
import { convolutions, denseProduct } from './convolutions.js';
import { findCudaPeer } from './cuda-peer.js';
import { currentGpu } from './device.js';
import type { GpuBench } from './measure.js';
import { inference, training } from './networks.js';
import { rendering } from './rendering.js';
import { checksTable, programsTable, rowsTable } from './report.js';
import { measureRoofline } from './roofline.js';
import { openScans, type Scans, thin, voxelsOf } from './scans.js';
import { fullSizes, quickSizes } from './sizes.js';

const parts: Readonly<Record<string, (bench: GpuBench, scans: Scans) => Promise<void>>> = {
  product: denseProduct,
  convolutions,
  inference,
  training,
  rendering,
};

const usage = `The WebGPU engine's speed on this machine's GPU.

  --quick                 tiny sizes, few repeats: for software adapters
  --json FILE             writes everything that was measured
  --parts LIST            some of ${Object.keys(parts).join(',')}
  --scans FOLDER          KITTI scans (*.bin); left out, simulated ones
  --peak-gflops N         the vendor's float32 figure: shares of it are reported, too
  --peak-gbs N            the vendor's memory bandwidth, GB/s
  --no-peer               without PyTorch
  NERFSEG_ADAPTER=NAME    which adapter (part of its name)
  NERFSEG_PYTHON=FILE     which Python to look for PyTorch first`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;

const stop = (message: string, status: number): never => {
  console.error(message);
  process.exit(status);
};

const read = () => {
  try {
    return parseArgs({
      options: {
        quick: flag,
        json: text,
        parts: text,
        scans: text,
        'peak-gflops': text,
        'peak-gbs': text,
        'no-peer': flag,
        help: flag,
      },
    }).values;
  } catch (problem) {
    return stop(`bench:gpu: ${(problem as Error).message}\n${usage}`, 2);
  }
};

const numberOf = (name: string, given: string | undefined): number | undefined => {
  if (given === undefined) return undefined;
  const value = Number(given);
  return value > 0 ? value : stop(`bench:gpu: --${name}: ${given}, expected a number above 0`, 2);
};

const values = read();
if (values.help) stop(usage, 0);
const wanted = values.parts?.split(',') ?? Object.keys(parts);
for (const name of wanted)
  if (!Object.hasOwn(parts, name))
    stop(`bench:gpu: --parts: '${name}', expected some of ${Object.keys(parts).join(',')}`, 2);
const vendorGflops = numberOf('peak-gflops', values['peak-gflops']);
const vendorGigabytes = numberOf('peak-gbs', values['peak-gbs']);

// Before the measuring, which takes minutes: a folder that cannot be made is told at once.
if (values.json !== undefined) mkdirSync(dirname(values.json), { recursive: true });

const engine = await selectEngine('webgpu');
if (engine._tag === 'Left') throw stop(`bench:gpu: no GPU to measure: ${engine.left.found}`, 3);
const why = engine.right.considered.at(-1)!.why;
console.log(why);
const quick = values.quick ?? false;
const sizes = quick ? quickSizes : fullSizes;
if (why.includes('(software)') && !quick)
  console.log('this adapter is software: --quick is meant for it; the full sizes take hours');
const adapters = await webGpuAdapters();

const scans = await openScans(values.scans);
console.log(`scans: ${scans.name}`);

// A few hundred voxels: the cpu engine has to compute them, too.
const checks: Check[] = await checkOps(voxelsOf(thin(scans.points[0], 200), [48, 36, 16]));
console.log(`\n${checksTable(checks)}\n`);

const gpu = currentGpu();
const clock = createClock(gpu, quick);
console.log(
  `times: wall clock until the device is done${clock.timestamps ? '; GPU ms: its own clock, in compute passes' : ''}`,
);
const roofline = await measureRoofline(gpu, clock, quick);
console.log(
  `measured ceilings: ${roofline.gflops.toFixed(0)} GFLOP/s float32, ${roofline.gigabytes.toFixed(0)} GB/s (copy of ${roofline.copiedBytes / 2 ** 20} MiB)`,
);

const found = values['no-peer'] ? 'not asked for (--no-peer)' : await findCudaPeer();
const cuda = typeof found === 'string' ? undefined : found;
const peer =
  typeof found === 'string'
    ? { skipped: found }
    : { torch: found.version, device: found.device, libraries: found.libraries };
console.log(
  `peer: ${typeof found === 'string' ? found : `PyTorch ${found.version} on ${found.device}; ${found.libraries.join(', ') || 'neither spconv nor torchsparse'}`}`,
);

const bench: GpuBench = {
  gpu,
  clock,
  sizes,
  roofline,
  vendor: {
    ...(vendorGflops === undefined ? {} : { gflops: vendorGflops }),
    ...(vendorGigabytes === undefined ? {} : { gigabytes: vendorGigabytes }),
  },
  cuda,
  rows: [],
  say: (line) => process.stderr.write(`${line}\n`),
};
const failed: { part: string; problem: string }[] = [];
/** The driver's version, where there is NVIDIA's. */
const driver = (): string | undefined => {
  try {
    return readFileSync('/proc/driver/nvidia/version', 'utf8').split('\n')[0];
  } catch {
    return undefined;
  }
};

/** Everything so far: a run that is cut off leaves what it measured. */
const write = (): void => {
  if (values.json === undefined) return;
  const report = {
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      kernel: release(),
      node: process.version,
      driver: driver(),
    },
    commit: process.env.NERFSEG_COMMIT,
    engine: why,
    adapters,
    quick,
    scans: scans.name,
    roofline,
    vendor: bench.vendor,
    peer,
    checks,
    rows: bench.rows,
    failed,
  };
  writeFileSync(`${values.json}.part`, `${JSON.stringify(report, null, 2)}\n`);
  renameSync(`${values.json}.part`, values.json);
};

for (const name of wanted) {
  try {
    await parts[name]!(bench, scans);
  } catch (problem) {
    // What one part cannot do on this device says nothing about the others.
    failed.push({ part: name, problem: String((problem as Error).stack ?? problem) });
    console.error(`${name}: ${(problem as Error).message}`);
  }
  write();
}
cuda?.stop();
console.log(`\n${rowsTable(bench.rows)}`);
const byProgram = programsTable(bench.rows);
if (byProgram) console.log(`\nby program, each dispatch in a pass of its own:\n\n${byProgram}`);

if (values.json !== undefined) console.log(`\nwritten: ${values.json}`);
process.exit(failed.length > 0 || checks.some(({ passed }) => !passed) ? 1 : 0);
