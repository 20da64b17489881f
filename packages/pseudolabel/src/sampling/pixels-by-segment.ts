/** Pixels grouped by segment: those of segment s are `order[offsets[s] .. offsets[s + 1])`, row by row. */
export interface SegmentPixels {
  /** [count+1] */
  readonly offsets: Int32Array;
  /** pixel indices, row * width + column */
  readonly order: Int32Array;
}

/** @param labels [H*W] segment of each pixel; pixels outside of 0..count-1 are left out. */
export function pixelsBySegment(labels: Int32Array, count: number): SegmentPixels {
  const offsets = new Int32Array(count + 1);
  for (let i = 0; i < labels.length; i++)
    if (labels[i]! >= 0 && labels[i]! < count) offsets[labels[i]! + 1]!++;
  for (let s = 0; s < count; s++) offsets[s + 1]! += offsets[s]!;
  const order = new Int32Array(offsets[count]!);
  const next = offsets.slice(0, count);
  for (let i = 0; i < labels.length; i++)
    if (labels[i]! >= 0 && labels[i]! < count) order[next[labels[i]!]!++] = i;
  return { offsets, order };
}
