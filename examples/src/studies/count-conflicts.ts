import { bestClasses, labelByProjection, pointSemantics } from '@nerfseg/ssl';
import type { RunData } from '../runner/data.js';
import { need } from '../runner/need.js';
import type { Trained } from '../runner/run-one.js';
import { seeFrame } from './see-frame.js';

/** Points that contradict their mask: how many, and of how many of them the mask, or the point, has the true class. */
export interface Conflicts {
  points: number;
  maskRight: number;
  pointRight: number;
}

/** What points in kept masks say: those that agree with their mask or are unsure; and the sure ones that contradict. */
export interface ConflictCounts {
  /** Points with a known class inside masks that got a class. */
  labelled: number;
  /** Contradicting points whose normalised entropy is at most {@link verySure}. */
  readonly verySure: Conflicts;
  /** The other contradicting points: sure enough to vote. */
  readonly sure: Conflicts;
}

/** Below this entropy a network is hardly ever surer. */
export const verySure = 0.02;

/**
 * Lets a trained network's points vote in the masks of some frames, as projection does, and counts who is right where a mask's class and
 * a point of it that is sure contradict each other: what decides whether masks should overrule (`pseudoConflict`).
 */
export async function countConflicts(
  trained: Trained,
  { dataset, frames }: RunData['scored'],
): Promise<ConflictCounts> {
  const { settings } = trained.plan;
  const counts = noConflicts();
  for (const i of frames) {
    const frame = dataset.frame(i);
    await seeFrame(trained, frame, async ({ plain, voxels }) => {
      for (const view of frame.cameras) {
        const seen = pointSemantics(plain, voxels, view);
        const all = { ...settings, pseudoConflict: 'mask', pointsPerSegment: seen.points.length } as const;
        const { classOfRay } = labelByProjection(seen, await need(trained.data.masks(view, frame)), all);
        const { numClasses, probabilities, entropy } = seen.semantics;
        addConflicts(counts, {
          truth: Uint8Array.from(seen.points, (n) => plain.pointLabels[n]!),
          ofMask: classOfRay,
          ofPoint: bestClasses(probabilities, numClasses),
          entropy,
          confidentEntropy: settings.confidentEntropy,
        });
      }
    });
  }
  return counts;
}

export const noConflicts = (): ConflictCounts => {
  const none = (): Conflicts => ({ points: 0, maskRight: 0, pointRight: 0 });
  return { labelled: 0, verySure: none(), sure: none() };
};

/** Adds some points: [K] true classes (0: not known), those of their masks (0: none), their own, and their entropies. */
export function addConflicts(
  counts: ConflictCounts,
  points: {
    readonly truth: Uint8Array;
    readonly ofMask: Uint8Array;
    readonly ofPoint: ArrayLike<number>;
    readonly entropy: Float32Array;
    readonly confidentEntropy: number;
  },
): void {
  const { truth, ofMask, ofPoint, entropy, confidentEntropy } = points;
  for (let k = 0; k < truth.length; k++) {
    if (truth[k] === 0 || ofMask[k] === 0) continue;
    counts.labelled++;
    // Written so that NaN is not sure.
    if (!(entropy[k]! <= confidentEntropy) || ofPoint[k] === ofMask[k]) continue;
    const group = entropy[k]! <= verySure ? counts.verySure : counts.sure;
    group.points++;
    group.maskRight += Number(ofMask[k] === truth[k]);
    group.pointRight += Number(ofPoint[k] === truth[k]);
  }
}
