import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Bench } from 'tinybench';
import { median } from './median.js';

/** One measured thing. Times are medians in milliseconds of this run on this machine: only ratios travel. */
export interface BenchRow {
  readonly name: string;
  readonly ours: number;
  /** The peer's time, measured in the same run, interleaved. */
  readonly peer?: number;
  readonly peerName?: string;
  /** peer / ours: above 1, ours is faster. */
  readonly ratio?: number;
  readonly gflops?: number;
  /** The measured ceiling that `gflops` is held against, GFLOP/s. */
  readonly ceiling?: number;
  readonly note?: string;
}

export interface BenchContext {
  /** Fewer repeats, smaller sizes. */
  readonly quick: boolean;
  /** Median of tinybench's samples, ms. */
  readonly timeMedian: (name: string, run: () => unknown) => Promise<number>;
  /** Ours and the peer in turn, so that a drifting machine slows both; medians, ms. */
  readonly timePair: (
    name: string,
    ours: () => unknown,
    peer: () => unknown,
  ) => Promise<{ readonly ours: number; readonly peer: number }>;
  /** Folder with real KITTI and nuScenes samples, where there is one. */
  readonly realData?: string;
}

export type Suite = (context: BenchContext) => Promise<BenchRow[]>;

async function timeMedian(name: string, run: () => unknown, quick: boolean): Promise<number> {
  const bench = new Bench({
    time: quick ? 100 : 500,
    warmupTime: quick ? 20 : 100,
    iterations: quick ? 3 : 7,
    warmupIterations: 1,
    throws: true,
  });
  bench.add(name, async () => {
    await run();
  });
  await bench.run();
  const result = bench.tasks[0]!.result;
  if (!('latency' in result)) throw new Error(`${name}: the benchmark did not finish`);
  return result.latency.p50;
}

async function timePair(
  ours: () => unknown,
  peer: () => unknown,
  quick: boolean,
): Promise<{ ours: number; peer: number }> {
  const clock = async (run: () => unknown): Promise<number> => {
    const start = performance.now();
    await run();
    return performance.now() - start;
  };
  await clock(ours);
  await clock(peer);
  const times: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  const budget = quick ? 300 : 2000;
  const start = performance.now();
  for (let i = 0; i < (quick ? 3 : 5) || (performance.now() - start < budget && i < 50); i++) {
    times.ours.push(await clock(ours));
    times.peer.push(await clock(peer));
  }
  return { ours: median(times.ours), peer: median(times.peer) };
}

/** The context that every suite gets. */
export function benchContext(quick: boolean): BenchContext {
  const folder =
    process.env.NERFSEG_REAL_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
  return {
    quick,
    timeMedian: (name, run) => timeMedian(name, run, quick),
    timePair: (_name, ours, peer) => timePair(ours, peer, quick),
    ...(existsSync(folder) ? { realData: folder } : {}),
  };
}
