import type { SegmentMasks } from '@nerfseg/geometry';
import { segmentsAtPixels } from '@nerfseg/pseudolabel';

/** LiDAR points that a camera sees, and the true class of each. */
export interface SeenPoints {
  /** [K*2] column, row. */
  readonly pixels: Int32Array;
  /** [K] 0 where it is not known. */
  readonly labels: Uint8Array;
}

/** Masks held against the points in them, [C] counts by true class. */
export interface MaskTally {
  /** How many pictures, masks, and masks with a labelled point in them. */
  readonly pictures: number;
  readonly masks: number;
  readonly seenMasks: number;
  /** Labelled points; those in some mask; those in a mask whose majority has their class. */
  readonly labelled: readonly number[];
  readonly covered: readonly number[];
  readonly right: readonly number[];
}

export const emptyTally = (numClasses: number): MaskTally => {
  const zeros = new Array<number>(numClasses).fill(0);
  return { pictures: 0, masks: 0, seenMasks: 0, labelled: zeros, covered: zeros, right: zeros };
};

/**
 * What a perfect vote inside every mask of a picture would make of the points in it, added to a tally. A point belongs to the smallest mask
 * over it; of equally frequent classes the lowest is the majority.
 */
export function tallyMasks(into: MaskTally, masks: SegmentMasks, { pixels, labels }: SeenPoints): MaskTally {
  const numClasses = into.labelled.length;
  const segments = segmentsAtPixels(masks, pixels);
  const votes = new Map<number, Uint32Array>();
  for (const [k, label] of labels.entries()) {
    const segment = segments[k]!;
    if (label === 0 || segment < 0) continue;
    const own = votes.get(segment) ?? new Uint32Array(numClasses);
    own[label]! += 1;
    votes.set(segment, own);
  }
  const labelled = [...into.labelled];
  const covered = [...into.covered];
  const right = [...into.right];
  for (const label of labels) if (label !== 0) labelled[label]! += 1;
  for (const own of votes.values()) {
    let best = 0;
    for (let c = 1; c < numClasses; c++) {
      covered[c]! += own[c]!;
      if (own[c]! > own[best]!) best = c;
    }
    right[best]! += own[best]!;
  }
  return {
    pictures: into.pictures + 1,
    masks: into.masks + masks.masks.length,
    seenMasks: into.seenMasks + votes.size,
    labelled,
    covered,
    right,
  };
}
