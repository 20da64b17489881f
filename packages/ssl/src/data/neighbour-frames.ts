import type { Frame, FrameDataset } from '@nerfseg/datasets';

/** Seconds after which a place has been left behind. KITTI's sequences may hold several drives, long apart. */
const farthest = 10;

/** Finds frames of the same drive: the `count` nearest in time, each at least `gap` seconds from the frame and from one another. */
export type FindNeighbours = (
  frame: Pick<Frame, 'id' | 'sequence' | 'timestamp'>,
  count: number,
  gap: number,
) => readonly number[];

/** @param indices the frames that may be found; they are walked once, at the first call. */
export function neighbourFrames(dataset: FrameDataset, indices: readonly number[]): FindNeighbours {
  let bySequence: Map<string, { readonly index: number; readonly id: string; readonly time: number }[]>;
  const walk = (): void => {
    bySequence = new Map();
    for (const index of new Set(indices)) {
      const { sequence, timestamp, id } = dataset.frame(index);
      const known = bySequence.get(sequence) ?? [];
      known.push({ index, id, time: timestamp / 1e6 });
      bySequence.set(sequence, known);
    }
  };
  return ({ id, sequence, timestamp }, count, gap) => {
    if (!bySequence) walk();
    const time = timestamp / 1e6;
    const near = (bySequence.get(sequence) ?? [])
      .filter((other) => other.id !== id && Math.abs(other.time - time) <= farthest)
      .sort((a, b) => Math.abs(a.time - time) - Math.abs(b.time - time) || a.index - b.index);
    const taken: typeof near = [];
    for (const one of near) {
      if (taken.length === count) break;
      if ([time, ...taken.map((other) => other.time)].every((other) => Math.abs(one.time - other) >= gap))
        taken.push(one);
    }
    return taken.map(({ index }) => index);
  };
}
