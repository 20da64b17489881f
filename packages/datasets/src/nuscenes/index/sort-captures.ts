import type { Captures } from './read-captures.js';

export interface SortedCaptures {
  /** Rows by group, channel and time. */
  readonly order: Uint32Array;
  /** [groups*channels+1] where in `order` those of group g and channel c begin: at g * channels + c. */
  readonly bucketStart: Uint32Array;
}

/** Counting sort by group and channel, then by time within. */
export const sortCaptures = (
  { rows, columns }: Captures,
  numGroups: number,
  numChannels: number,
): SortedCaptures => {
  const { group, channel, timestamps } = columns;
  const bucketStart = new Uint32Array(numGroups * numChannels + 1);
  for (let row = 0; row < rows; row++) bucketStart[group[row] * numChannels + channel[row] + 1]++;
  for (let b = 1; b < bucketStart.length; b++) bucketStart[b] += bucketStart[b - 1];
  const next = bucketStart.slice();
  const order = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) order[next[group[row] * numChannels + channel[row]]++] = row;
  for (let b = 0; b + 1 < bucketStart.length; b++) {
    const bucket = order.subarray(bucketStart[b], bucketStart[b + 1]);
    // Official tables are nearly in order, and a comparing sort of typed arrays costs a copy.
    for (let i = 1; i < bucket.length; i++)
      if (timestamps[bucket[i - 1]] > timestamps[bucket[i]]) {
        bucket.sort((a, c) => timestamps[a] - timestamps[c] || a - c);
        break;
      }
  }
  return { order, bucketStart };
};
