import { disposeFeatures, encodeScans, planScans, type VoxelFeatures } from '@nerfseg/backbone';
import type { CameraView, PreparedScan } from '@nerfseg/datasets';
import { type DataError, dataError, type Random, type SegmentMasks } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Teach, TeachContext } from '../methods/method.js';
import { renderOptions } from '../rays/render-options.js';
import { scanLevels } from '../rays/scan-levels.js';
import type { FrameScan } from '../train/step-scan.js';
import { eachUnlabelled, keptClasses } from './each-unlabelled.js';
import { labelHidden } from './label-hidden.js';
import { type LabelledView, labelView } from './label-view.js';
import { type PointSemantics, pointSemantics, voxelSemantics } from './point-semantics.js';
import { projectionVotes } from './projection-votes.js';
import { visiblePoints } from './visible-points.js';

/** A scan as its teacher sees it: some of its cameras with their masks, and the labelling network's features. */
interface Seen {
  readonly plain: PreparedScan;
  readonly views: readonly { readonly view: CameraView; readonly masks: SegmentMasks }[];
  readonly features: VoxelFeatures;
  readonly random: Random;
}

type Lesson = Pick<FrameScan, 'views' | 'pseudoPoints'>;

/** Some cameras of every unlabelled scan are labelled; `lesson` says how. */
const teachWithMasks =
  (levels: boolean, lesson: (context: TeachContext, seen: Seen) => Promise<Lesson>): Teach =>
  (context, scans) =>
    eachUnlabelled(
      scans,
      (scan, i): TaskEither<DataError, FrameScan> =>
        async () => {
          const { settings, session, masks: masksOf } = context;
          const { plain, prepared } = scan;
          if (!plain || !masksOf) throw new Error('teachWithMasks: needs plain scans and masks');
          const random = context.random.fork(`unlabelled ${i}`);
          const cameras = random
            .fork('cameras')
            .shuffle([...plain.frame.cameras])
            .slice(0, settings.cameras);
          const views: Seen['views'][number][] = [];
          for (const view of cameras) {
            const masks = await masksOf(view, plain.frame)();
            if (E.isLeft(masks)) return masks;
            const { width, height } = masks.right;
            if (width !== view.width || height !== view.height)
              return E.left(
                dataError(
                  'mismatch',
                  view.imagePath,
                  'masks',
                  `${width} x ${height} pixels`,
                  `${view.width} x ${view.height}, the camera's`,
                ),
              );
            views.push({ view, masks: masks.right });
          }
          const teacher = settings.labelledBy === 'student' ? session.student : session.averaged;
          const plan = planScans([plain.scan], teacher.config);
          const features = encodeScans(teacher, plan, { training: false, levels });
          try {
            const { pseudoPoints, ...rest } = await lesson(context, { plain, views, features, random });
            return E.right({
              ...scan,
              ...rest,
              ...(pseudoPoints ? { pseudoPoints: keptClasses(pseudoPoints, prepared.kept) } : {}),
            });
          } finally {
            disposeFeatures(features);
          }
        },
    );

/** The averaged network's classes of points vote in the masks, and the masks' classes go back to the points. */
export const teachByProjection: Teach = teachWithMasks(false, async ({ settings }, seen) => {
  const { plain, views, features } = seen;
  const pseudoPoints = new Uint8Array(plain.points.intensity.length);
  const voxels = await voxelSemantics(features.logits);
  projectionVotes(
    views.map(({ view, masks }) => ({
      seen: pointSemantics(plain, voxels, view, settings.pointVisibility),
      masks,
    })),
    settings,
    pseudoPoints,
  );
  return { views: [], pseudoPoints };
});

/**
 * The averaged network and head render pixels of the cameras; confident ones vote in the masks, beside the points that
 * the camera sees (unless `pseudoPointWeight` is 0).
 */
export const teachByRendering: Teach = teachWithMasks(true, async ({ settings, session, grid }, seen) => {
  const { plain, views, features, random } = seen;
  if (!session.heads) throw new Error('teachByRendering: needs NeRF heads');
  const render = renderOptions(settings, grid);
  const voxels = settings.pseudoPointWeight > 0 ? await voxelSemantics(features.logits) : undefined;
  const head = settings.labelledBy === 'student' ? session.heads.student : session.heads.averaged;
  const teacher = { head, levels: scanLevels(features, 0, grid) };
  const pseudoPoints = new Uint8Array(plain.points.intensity.length);
  const labelled: LabelledView[] = [];
  const hidden: PointSemantics[] = [];
  for (const [i, { view, masks }] of views.entries()) {
    const seen = voxels && pointSemantics(plain, voxels, view, settings.pointVisibility);
    const points = seen && (await visiblePoints(teacher, seen, plain.points, view, settings, grid));
    if (points) hidden.push(points.hidden);
    const own = random.fork(`rays ${i}`);
    const one = await labelView(teacher, view, masks, points?.visible, settings, render, own);
    const { indices, classes } = one.points;
    for (const [k, n] of indices.entries()) if (pseudoPoints[n] === 0) pseudoPoints[n] = classes[k]!;
    labelled.push(one);
  }
  // Last, for another camera may see them, and its masks know more.
  for (const some of hidden) labelHidden(some, settings, pseudoPoints);
  return voxels ? { views: labelled, pseudoPoints } : { views: labelled };
});
