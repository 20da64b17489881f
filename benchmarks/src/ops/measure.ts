import type { BenchContext, BenchRow } from '../harness.js';
import { median } from '../median.js';
import type { TorchPeer } from './torch-peer.js';

/** What the measurements of this suite share. */
export interface OpsBench {
  readonly context: BenchContext;
  readonly torch: TorchPeer | undefined;
  readonly rows: BenchRow[];
}

export interface Measurement {
  readonly name: string;
  readonly ours: () => unknown;
  /** Id of the peer's prepared case. */
  readonly peer?: string;
  readonly peerName?: string;
  /** Floating-point operations of one run of ours. */
  readonly flop?: number;
  readonly note?: (ms: number) => string;
}

/**
 * Ours and the peer in turn, each by its own clock and with the cores to itself; medians. Where there are products, a run of sgemm
 * comes between: the ceiling, and with it the highest ratio that any engine could reach against this peer.
 */
export const measure = async (bench: OpsBench, m: Measurement): Promise<BenchRow> => {
  const { torch, context } = bench;
  const times: { ours: number[]; peer: number[]; sgemm: number[] } = { ours: [], peer: [], sgemm: [] };
  const once = async (keep: boolean): Promise<void> => {
    // Its thread pools would go on spinning beside ours for tens of milliseconds.
    torch?.pause();
    const start = performance.now();
    await m.ours();
    const ms = performance.now() - start;
    if (keep) times.ours.push(ms);
    if (!torch) return;
    if (m.flop) {
      const sgemm = await torch.time('sgemm');
      if (keep) times.sgemm.push(sgemm);
    }
    if (!m.peer) return;
    const peer = await torch.time(m.peer);
    if (keep) times.peer.push(peer);
  };
  await once(false);
  const start = performance.now();
  const [least, most, budget] = context.quick ? [3, 5, 400] : [5, 60, 2000];
  for (let i = 0; i < least || (i < most && performance.now() - start < budget); i++) await once(true);
  const ours = median(times.ours);
  const peer = times.peer.length > 0 ? median(times.peer) : undefined;
  const ceiling = times.sgemm.length > 0 ? (2 * 2048 ** 3) / median(times.sgemm) / 1e6 : undefined;
  const roof =
    m.flop && ceiling && peer ? `at the sgemm ceiling ${((ceiling * peer * 1e6) / m.flop).toFixed(1)}` : '';
  const note = [m.note?.(ours), roof].filter(Boolean).join('; ');
  const row: BenchRow = {
    name: m.name,
    ours,
    ...(peer === undefined ? {} : { peer, ratio: peer / ours, peerName: m.peerName ?? 'PyTorch' }),
    ...(m.flop ? { gflops: m.flop / ours / 1e6 } : {}),
    ...(ceiling ? { ceiling } : {}),
    ...(note ? { note } : {}),
  };
  process.stderr.write(
    `${row.name}: ${ours.toFixed(2)} ms${row.ratio ? `, ${row.ratio.toFixed(1)}x` : ''}\n`,
  );
  bench.rows.push(row);
  return row;
};

/** Throws where ours and the peer's values differ: a time of a wrong result is worth nothing. */
export const agree = async (
  torch: TorchPeer,
  id: string,
  ours: ArrayLike<number>,
  tolerance: number,
): Promise<number> => {
  const { values, size } = await torch.result(id);
  if (size !== ours.length) throw new Error(`${id}: ${ours.length} values, the peer has ${size}`);
  const worst = values.reduce((most, value, i) => Math.max(most, Math.abs(value - ours[i]!)), 0);
  if (!(worst <= tolerance)) throw new Error(`${id}: differs from the peer by ${worst}`);
  return worst;
};
