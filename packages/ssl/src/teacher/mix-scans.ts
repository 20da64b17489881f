import { laserMix } from '@nerfseg/datasets';
import { devoxelize, voxelize, voxelLabels } from '@nerfseg/geometry';
import * as E from 'fp-ts/lib/Either.js';
import type { Teach } from '../methods/method.js';
import { type FrameScan, isFrameScan, type MixedStepScan } from '../train/step-scan.js';
import { bestClasses } from './best-classes.js';

const radians = Math.PI / 180;

/**
 * LaserMix: every labelled scan of the step and an unlabelled one exchange areas of inclination, as the student sees
 * them; both results are learned from. An unlabelled point has the class that masks or views gave it, where they did, else
 * the class that the averaged network is sure of (`pseudoThreshold`), else none.
 */
export const mixScans: Teach = (context, scans) => async () => {
  const { settings, grid, session, random } = context;
  const { numClasses } = session.averaged.config;
  const frames = scans.filter(isFrameScan);
  const labelled = frames.filter(({ kind }) => kind === 'labelled');
  const unlabelled = frames.filter(({ kind }) => kind === 'unlabelled');
  const mixed: MixedStepScan[] = [];
  for (let i = 0; i < Math.max(labelled.length, unlabelled.length); i++) {
    const own = labelled[i % labelled.length]!;
    const other = unlabelled[i % unlabelled.length]!;
    const pair = laserMix(
      [
        { points: own.prepared.points, labels: own.prepared.pointLabels },
        { points: other.prepared.points, labels: pseudoLabels(other, numClasses, settings.pseudoThreshold) },
      ],
      random.fork(`mix ${i}`),
      {
        areas: settings.mixAreas,
        inclination: [settings.mixInclination[0] * radians, settings.mixInclination[1] * radians],
      },
    );
    for (const { points, labels, origins } of pair) {
      // One of two may be empty: where all points of both lie in one area.
      if (points.intensity.length === 0) continue;
      const source = `${own.prepared.frame.id} mixed with ${other.prepared.frame.id}`;
      const voxels = voxelize(points, grid, { source });
      if (E.isLeft(voxels)) return voxels;
      const scan = voxels.right;
      mixed.push({
        kind: 'mixed',
        labels: 'partly taught',
        prepared: {
          points,
          pointLabels: labels,
          scan,
          origins,
          labels: voxelLabels(scan, labels, numClasses, { ignoreVotes: false }),
        },
      });
    }
  }
  return E.right([...scans, ...mixed]);
};

/** [N] */
function pseudoLabels(
  { prepared, pseudoPoints, target }: FrameScan,
  numClasses: number,
  threshold: number,
): Uint8Array {
  if (!target) throw new Error("mixScans: needs the averaged network's probabilities");
  const classes = devoxelize(prepared.scan, bestClasses(target, numClasses, threshold));
  if (pseudoPoints) for (let n = 0; n < classes.length; n++) classes[n] = pseudoPoints[n]! || classes[n]!;
  return classes;
}
