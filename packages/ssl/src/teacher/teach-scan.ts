import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import type { CameraView, PreparedScan } from '@nerfseg/datasets';
import type { DataError, Random, SegmentMasks } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { RenderViewOptions } from '../rays/render-view.js';
import { scanLevels } from '../rays/scan-levels.js';
import type { Session } from '../train/session.js';
import type { TrainSettings } from '../train/settings.js';
import { type LabelledView, labelView } from './label-view.js';
import { pointSemantics, voxelSemantics } from './point-semantics.js';
import { projectionVotes } from './projection-votes.js';

/** Where masks come from: usually a cached mask source over the view's image. */
export type MasksOf = (view: CameraView) => TaskEither<DataError, SegmentMasks>;

/** What the teacher makes of one unlabelled scan. */
export interface Lesson {
  readonly views: readonly LabelledView[];
  /** [N] point pseudo-labels, where the method makes them. */
  readonly pointClasses?: Uint8Array;
}

/**
 * The averaged network looks at the un-augmented scan and labels some of its cameras (method 'nerf': by rendering;
 * 'projection': by projecting its own point labels into the segments, and back).
 *
 * @param plain the scan without augmentation
 */
export const teachScan =
  (
    { averaged, heads }: Session,
    plain: PreparedScan,
    masksOf: MasksOf,
    settings: TrainSettings,
    render: RenderViewOptions,
    random: Random,
  ): TaskEither<DataError, Lesson> =>
  async () => {
    const cameras = random
      .fork('cameras')
      .shuffle([...plain.frame.cameras])
      .slice(0, settings.cameras);
    const masks: SegmentMasks[] = [];
    for (const view of cameras) {
      const found = await masksOf(view)();
      if (E.isLeft(found)) return found;
      masks.push(found.right);
    }
    const features = encodeScans(averaged, planScans([plain.scan], averaged.config), {
      training: false,
      levels: heads !== undefined,
    });
    try {
      const pointClasses = new Uint8Array(plain.points.intensity.length);
      const usesPoints = !heads || settings.pseudoPointWeight > 0;
      const voxels = usesPoints ? await voxelSemantics(features.logits) : undefined;
      const seen = cameras.map((view) => voxels && pointSemantics(plain, voxels, view));
      if (!heads) {
        projectionVotes(
          cameras.flatMap((_, i) => (seen[i] ? [{ seen: seen[i], masks: masks[i] }] : [])),
          settings,
          pointClasses,
        );
        return E.right({ views: [], pointClasses });
      }
      const teacher = { head: heads.averaged, levels: scanLevels(features, 0, render.grid) };
      const views: LabelledView[] = [];
      for (const [i, view] of cameras.entries()) {
        const own = random.fork(`rays ${i}`);
        const labelled = await labelView(teacher, view, masks[i], seen[i], settings, render, own);
        const { indices, classes } = labelled.points;
        for (const [k, n] of indices.entries()) if (pointClasses[n] === 0) pointClasses[n] = classes[k];
        views.push(labelled);
      }
      return E.right(usesPoints ? { views, pointClasses } : { views });
    } finally {
      disposeFeatures(features);
    }
  };
