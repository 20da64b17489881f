import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import type { CameraView } from '@nerfseg/datasets';
import type { DataError, Random, SegmentMasks } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { PreparedScan } from '../data/prepare-scan.js';
import type { RenderViewOptions } from '../rays/render-view.js';
import { scanLevels } from '../rays/scan-levels.js';
import type { Session } from '../train/session.js';
import type { TrainSettings } from '../train/settings.js';
import { type LabelledView, labelView } from './label-view.js';
import { projectionVotes } from './projection-votes.js';
import { segmentPoints } from './segment-points.js';

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
      if (!heads)
        return E.right({
          views: [],
          pointClasses: await projectionVotes(features.logits, plain, cameras, masks, settings),
        });
      const levels = scanLevels(features, 0, render.grid);
      const views: LabelledView[] = [];
      for (const [i, view] of cameras.entries())
        views.push(
          await labelView(
            { head: heads.averaged, levels },
            view,
            masks[i]!,
            settings,
            render,
            random.fork(`rays ${i}`),
          ),
        );
      if (settings.pseudoPointWeight === 0) return E.right({ views });
      const pointClasses = new Uint8Array(plain.points.intensity.length);
      for (const [i, view] of cameras.entries())
        segmentPoints(plain.points.positions, view, masks[i]!, views[i]!.segments, pointClasses);
      return E.right({ views, pointClasses });
    } finally {
      disposeFeatures(features);
    }
  };
