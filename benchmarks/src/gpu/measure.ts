import { batchFor, type Clock, type Rival } from './clock.js';
import type { CudaPeer } from './cuda-peer.js';
import type { Gpu } from './device.js';
import type { Roofline } from './roofline.js';
import type { GpuRow, PeerTime, VendorPeaks } from './row.js';
import type { Sizes } from './sizes.js';

/** What the measurements share. */
export interface GpuBench {
  readonly gpu: Gpu;
  readonly clock: Clock;
  readonly sizes: Sizes;
  readonly roofline: Roofline;
  readonly vendor: VendorPeaks;
  /** PyTorch on the same GPU. */
  readonly cuda: CudaPeer | undefined;
  readonly rows: GpuRow[];
  readonly say: (line: string) => void;
}

/** A case at a peer. */
export interface PeerCase {
  readonly name: string;
  /** Id of the prepared case, or why there is none. */
  readonly id: string | { readonly skipped: string };
  /** Whether TF32 makes a difference: then it is timed without and with it. */
  readonly products?: boolean;
  readonly differs?: number;
}

export interface GpuCase {
  readonly name: string;
  readonly run: () => unknown;
  /** Floating-point operations of a run. */
  readonly flop?: number;
  /** Bytes that a run has to read and write at least. */
  readonly bytes?: number;
  /** Samples along rays that a run computes. */
  readonly samples?: number;
  readonly peers?: readonly PeerCase[];
  /** Whether the time of every program is worth knowing. Default false. */
  readonly byProgram?: boolean;
  readonly note?: string;
}

interface PeerRun {
  readonly name: string;
  readonly rival: Rival;
  readonly differs?: number;
}

const runsOf = ({ cuda, sizes }: GpuBench, peers: readonly PeerCase[]): PeerRun[] =>
  peers.flatMap(({ name, id, products, differs }) => {
    if (!cuda || typeof id !== 'string') return [];
    const modes = products ? ['off', 'on'] : [''];
    return modes.map((tf32) => {
      let batch = 1;
      return {
        name: tf32 ? `${name}; TF32 ${tf32}` : name,
        rival: async () => {
          await cuda.allowTf32(tf32 === 'on');
          const ms = await cuda.bench(id, batch);
          if (!sizes.quick) batch = batchFor(ms);
          return ms;
        },
        ...(differs === undefined ? {} : { differs }),
      };
    });
  });

/** Times a case and its peers in turn, and adds the row. */
export const measure = async (bench: GpuBench, one: GpuCase): Promise<void> => {
  const { roofline, vendor } = bench;
  const runs = runsOf(bench, one.peers ?? []);
  const { ours, rivals } = await bench.clock.time(
    one.run,
    runs.map(({ rival }) => rival),
  );
  const peers: PeerTime[] = runs.map(({ name, differs }, i) => ({
    name,
    ms: rivals[i]!,
    ratio: rivals[i]! / ours.ms,
    ...(differs === undefined ? {} : { differs }),
  }));
  for (const { name, id } of one.peers ?? [])
    if (typeof id !== 'string') peers.push({ name, skipped: id.skipped });
  const programs = one.byProgram ? await bench.clock.programs(one.run) : undefined;
  const gflops = one.flop === undefined ? undefined : one.flop / ours.ms / 1e6;
  const rate = one.bytes === undefined ? undefined : one.bytes / ours.ms / 1e6;
  const row: GpuRow = {
    name: one.name,
    ...ours,
    ...(gflops === undefined
      ? {}
      : { gflop: one.flop! / 1e9, gflops, shareOfPeak: gflops / roofline.gflops }),
    ...(gflops === undefined || vendor.gflops === undefined
      ? {}
      : { shareOfVendorPeak: gflops / vendor.gflops }),
    ...(rate === undefined
      ? {}
      : { bytes: one.bytes!, gigabytesPerSecond: rate, shareOfBandwidth: rate / roofline.gigabytes }),
    ...(rate === undefined || vendor.gigabytes === undefined
      ? {}
      : { shareOfVendorBandwidth: rate / vendor.gigabytes }),
    ...(one.samples === undefined ? {} : { millionSamplesPerSecond: one.samples / ours.ms / 1e3 }),
    peers,
    ...(programs ? { programs } : {}),
    ...(one.note === undefined ? {} : { note: one.note }),
  };
  bench.rows.push(row);
  const against = peers.map(
    ({ name, ratio, skipped }) => `${name}: ${ratio ? `${ratio.toFixed(2)}x` : skipped}`,
  );
  bench.say([`${row.name}: ${ours.ms.toFixed(3)} ms`, ...against].join('; '));
};
