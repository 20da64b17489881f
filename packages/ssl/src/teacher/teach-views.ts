import { disposeFeatures, encodeScans, planScans } from '@nerfseg/backbone';
import type { PreparedScan } from '@nerfseg/datasets';
import { composePoses, invertPose, transformPoints } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { Teach } from '../methods/method.js';
import { agreedClasses, type PlaceView } from './agreed-classes.js';
import { eachUnlabelled, keptClasses } from './each-unlabelled.js';
import { nearestPoints } from './nearest-points.js';
import { voxelSemantics } from './point-semantics.js';

/**
 * Multi-view consistency: a surface that several frames of a drive see is of one class. The averaged network sees the scan and its neighbours
 * as they are; poses bring their points together, and a place takes the class that its views agree on. What moved is seen
 * elsewhere by the others: there they see nothing, or something else, and the place gets no class.
 */
export const teachViews: Teach = (context, scans) =>
  eachUnlabelled(scans, ({ plain, ...scan }) => async () => {
    const { session, settings, neighbours, read } = context;
    if (!plain) throw new Error('teachViews: needs plain scans');
    const { viewFrames = 2, viewGap = 0.4, viewReach = 0.3, viewsNeeded = 2, confidentEntropy } = settings;
    const seen: PreparedScan[] = [plain];
    for (const index of neighbours(plain.frame, viewFrames, viewGap)) {
      const other = await read(index)();
      if (E.isLeft(other)) return other;
      seen.push(other.right);
    }
    const teacher = settings.labelledBy === 'student' ? session.student : session.averaged;
    const plan = planScans(
      seen.map((one) => one.scan),
      teacher.config,
    );
    const features = encodeScans(teacher, plan, { training: false, levels: false });
    const { numClasses, probabilities } = await voxelSemantics(features.logits);
    disposeFeatures(features);
    const { scanOffsets } = plan.levels[0]!;
    const views = seen.map(
      (one, i): PlaceView => ({
        numClasses,
        probabilities: probabilities.subarray(scanOffsets[i]! * numClasses, scanOffsets[i + 1]! * numClasses),
        voxels: i === 0 ? plain.scan.voxelOfPoint : voxelsAt(plain, one, viewReach),
      }),
    );
    const classes = agreedClasses(views, { confidentEntropy, viewsNeeded });
    return E.right({ ...scan, plain, pseudoPoints: keptClasses(classes, scan.prepared.kept) });
  });

/** [N] the voxel of another scan at each of a scan's points: that of its nearest point, -1 where none is within reach. */
function voxelsAt(of: PreparedScan, other: PreparedScan, reach: number): Int32Array {
  const otherFromOf = composePoses(invertPose(other.frame.globalFromLidar), of.frame.globalFromLidar);
  const moved = transformPoints(otherFromOf, of.points.positions);
  const { voxelOfPoint } = other.scan;
  return nearestPoints(moved, other.points.positions, reach).map((n) => (n < 0 ? -1 : voxelOfPoint[n]!));
}
