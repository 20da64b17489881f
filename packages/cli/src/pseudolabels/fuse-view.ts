import type { CameraView, PreparedScan } from '@nerfseg/datasets';
import type { FusedSegment, Random, SegmentMasks } from '@nerfseg/geometry';
import type { NerfHead } from '@nerfseg/render';
import {
  labelByProjection,
  labelView,
  pointSemantics,
  type RenderViewOptions,
  type ScanLevels,
  type TrainSettings,
  type VoxelSemantics,
  visiblePoints,
} from '@nerfseg/ssl';

/** How pseudo-labels come about. */
export const ways = ['rendering and points', 'rendering', 'projection'] as const;
export type Way = (typeof ways)[number];

/** What is asked of a teacher about one picture. */
export interface FuseViewOptions {
  readonly plain: PreparedScan;
  readonly view: CameraView;
  readonly masks: SegmentMasks;
  readonly voxels: VoxelSemantics;
  /** Absent: projection alone. */
  readonly teacher?: { readonly head: NerfHead; readonly levels: ScanLevels };
  readonly settings: TrainSettings;
  readonly render: RenderViewOptions;
  readonly random: Random;
}

/**
 * A picture's segments, fused as training fuses them but with no limit to the segments' entropy, so that they can be cut
 * at any threshold afterwards: by rendered rays and the LiDAR points beside them, by rays alone (the paper), by points
 * alone (the baseline). Rays are the same in both that have them.
 */
export async function fuseView(options: FuseViewOptions): Promise<Map<Way, readonly FusedSegment[]>> {
  const { plain, view, masks, voxels, teacher, render, random } = options;
  const { segmentEntropyOfClass: _, ...rest } = options.settings;
  const settings = { ...rest, segmentEntropy: 1 };
  const seen = pointSemantics(plain, voxels, view, settings.pointVisibility);
  const found = new Map<Way, readonly FusedSegment[]>();
  if (teacher) {
    const by = async (points: typeof seen | undefined): Promise<readonly FusedSegment[]> =>
      (await labelView(teacher, view, masks, points, settings, render, random)).segments;
    found.set(
      'rendering and points',
      await by((await visiblePoints(teacher, seen, plain.points, view, settings, render.grid)).visible),
    );
    found.set('rendering', await by(undefined));
  }
  found.set('projection', labelByProjection(seen, masks, settings).segments);
  return found;
}
