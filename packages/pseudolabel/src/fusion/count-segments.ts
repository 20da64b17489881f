import type { FusedSegment } from '@nerfseg/geometry';

/** How many segments and rays something holds for. */
export interface SegmentCount {
  readonly segments: number;
  readonly rays: number;
}

/** What fusion kept, and why it did not keep the rest. */
export interface FusionStatistics {
  /** [C] kept, by class; class 0 has none. */
  readonly kept: readonly SegmentCount[];
  readonly rejected: Readonly<Record<NonNullable<FusedSegment['rejected']>, SegmentCount>>;
}

/** Statistics of fused segments, of one picture or of many. */
export function countSegments(segments: Iterable<FusedSegment>, numClasses: number): FusionStatistics {
  const none = (): { segments: number; rays: number } => ({ segments: 0, rays: 0 });
  const kept = Array.from({ length: numClasses }, none);
  const rejected = { unseen: none(), rays: none(), coverage: none(), entropy: none() };
  for (const { classId, rays, rejected: reason } of segments) {
    const count = reason === undefined ? kept[classId] : rejected[reason];
    if (count === undefined) throw new RangeError(`countSegments: class ${classId} of ${numClasses}`);
    count.segments++;
    count.rays += rays;
  }
  return { kept, rejected };
}
