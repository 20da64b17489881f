import type { GpuBench, PeerCase } from './measure.js';

export interface PeerRequest {
  /** What it is called in the table. */
  readonly name: string;
  /** Its id at the peer. */
  readonly id: string;
  /** `module.function` under benchmarks/peers. */
  readonly build: string;
  readonly arguments: object;
  /** Our values: the first of them are compared. */
  readonly ours: ArrayLike<number>;
  /** Largest difference that passes, as a share of our largest value. */
  readonly tolerance: number;
  readonly products?: boolean;
}

/** Prepares a case at the peer and compares its values with ours, TF32 off: the time of something else is worth nothing. */
export const peerCase = async ({ cuda }: GpuBench, request: PeerRequest): Promise<PeerCase[]> => {
  if (!cuda) return [];
  const { name, id, ours, tolerance, products } = request;
  try {
    await cuda.allowTf32(false);
    await cuda.prepare(id, request.build, request.arguments);
    const { values, size } = await cuda.result(id);
    if (size !== ours.length) return [{ name, id: { skipped: `has ${size} values, ours ${ours.length}` } }];
    let largest = 1e-6;
    let off = 0;
    for (const [i, value] of values.entries()) {
      largest = Math.max(largest, Math.abs(ours[i]!));
      off = Math.max(off, Math.abs(value - ours[i]!));
    }
    const differs = off / largest;
    if (!(differs <= tolerance))
      return [{ name, id: { skipped: `its values differ by ${differs.toExponential(1)} of the largest` } }];
    return [{ name, id, differs, ...(products ? { products } : {}) }];
  } catch (problem) {
    return [{ name, id: { skipped: (problem as Error).message } }];
  }
};
