import { crc32 } from '../../files/crc32.js';
import type { BytePool } from './byte-pool.js';
import { type BuiltIndex, noFile, type PartEntry, type PartKind, partKinds } from './layout.js';
import { newPart } from './part-codec.js';
import type { Captures } from './read-captures.js';
import type { LabelFiles } from './read-label-files.js';
import { sortCaptures } from './sort-captures.js';

export interface PartsSource {
  readonly numScenes: number;
  readonly numChannels: number;
  readonly captures: Captures;
  /** [n*7] by number of the ego pose. */
  readonly poses: Float64Array;
  /** [n*4] by number of the sample. */
  readonly sampleWords: Uint32Array;
  /** File names. */
  readonly pool: BytePool;
  readonly lidarseg: LabelFiles;
  readonly panoptic: LabelFiles;
}

/** Readings by scene, kind, channel and time, as they are kept. Offsets run kind by kind: what is read together lies together. */
export const encodeParts = (
  source: PartsSource,
): {
  readonly entries: readonly Readonly<Record<PartKind, PartEntry>>[];
  readonly parts: BuiltIndex['parts'];
} => {
  const { numScenes, numChannels, captures } = source;
  const { order, bucketStart } = sortCaptures(captures, numScenes * partKinds.length, numChannels);
  const parts: Record<string, Uint8Array>[] = Array.from({ length: numScenes }, () => ({}));
  const entries: Record<string, PartEntry>[] = Array.from({ length: numScenes }, () => ({}));
  let offset = 0;
  partKinds.forEach((kind, k) => {
    for (let scene = 0; scene < numScenes; scene++) {
      const first = (scene * partKinds.length + k) * numChannels;
      const starts = bucketStart.subarray(first, first + numChannels + 1);
      const bytes = encodePart(source, order.subarray(starts[0], starts[numChannels]), starts[1] - starts[0]);
      const channelStart = Array.from(starts, (start) => start - starts[0]);
      parts[scene][kind] = bytes;
      entries[scene][kind] = { offset, bytes: bytes.length, crc: crc32(bytes), channelStart };
      offset += Math.ceil(bytes.length / 8) * 8;
    }
  });
  return {
    entries: entries as Record<PartKind, PartEntry>[],
    parts: parts as Record<PartKind, Uint8Array>[],
  };
};

const encodePart = (
  { captures, poses, sampleWords, pool, lidarseg, panoptic }: PartsSource,
  rows: Uint32Array,
  sweeps: number,
): Uint8Array => {
  const from = captures.columns;
  const localOf = new Map<number, number>();
  const local = (file: number): number => {
    if (file === noFile) return noFile;
    let id = localOf.get(file);
    if (id === undefined) localOf.set(file, (id = localOf.size));
    return id;
  };
  const files = Uint32Array.from(rows, (row) => local(from.files[row]));
  const labelsOf = (table: LabelFiles): Uint32Array =>
    Uint32Array.from(rows.subarray(0, sweeps), (row) => local(table(from.tokens, row * 4)));
  const labels = { lidarseg: labelsOf(lidarseg), panoptic: labelsOf(panoptic) };
  const { bytes, columns } = newPart(rows.length, sweeps, Array.from(localOf.keys(), pool.text));
  columns.files.set(files);
  columns.lidarseg.set(labels.lidarseg);
  columns.panoptic.set(labels.panoptic);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    columns.timestamps[i] = from.timestamps[row];
    columns.calibrations[i] = from.calibrations[row];
    columns.samples[i] = from.samples[row];
    columns.widths[i] = from.widths[row];
    columns.heights[i] = from.heights[row];
    const pose = from.egoPoses[row] * 7;
    for (let k = 0; k < 7; k++) columns.poses[i * 7 + k] = poses[pose + k];
  }
  for (let i = 0; i < sweeps; i++) {
    const token = rows[i] * 4;
    const sample = from.samples[rows[i]] * 4;
    for (let w = 0; w < 4; w++) {
      columns.tokens[i * 4 + w] = from.tokens[token + w];
      columns.sampleTokens[i * 4 + w] = sampleWords[sample + w];
    }
  }
  return bytes;
};
