import type { FusedSegment, PseudoLabels } from '@nerfseg/geometry';
import { judgeSegment, type SegmentCriteria, type Tally } from './tally.js';

/** How the loss weights of supervised rays are chosen. */
export interface RayWeighting {
  /**
   * `ray`: every ray weighs 1, so a segment weighs as much as it has rays. `segment`: every segment weighs the same,
   * scaled so that the weights' mean is 1 before class weights. Default `ray`.
   */
  readonly weighting?: 'ray' | 'segment';
  /** [C] multiplies the weight of rays of each class. Use the weights of the labelled loss: without them rare classes die. */
  readonly classWeights?: ArrayLike<number>;
}

/**
 * Gives every ray inside a kept segment the segment's class and weight.
 *
 * @param segmentOfRay [R] mask of each ray, or -1.
 * @param supervised [R] 0 where a ray must not be supervised; default: all may be.
 * @throws RangeError for class weights or thresholds per class that are not one for each class.
 */
export function labelRays(
  segmentOfRay: Int32Array,
  tally: Tally,
  criteria: SegmentCriteria,
  { weighting = 'ray', classWeights }: RayWeighting,
  supervised?: Uint8Array,
): PseudoLabels {
  const { maxSegmentEntropy, minCoverage } = criteria;
  for (const [name, values] of Object.entries({ maxSegmentEntropy, minCoverage, classWeights }))
    if (typeof values === 'object' && values.length !== tally.numClasses)
      throw new RangeError(`fusion: ${values.length} ${name}, ${tally.numClasses} classes`);
  const segments: FusedSegment[] = [];
  const listed = new Int32Array(tally.rays.length).fill(-1);
  for (let m = 0; m < tally.rays.length; m++) {
    if (tally.rays[m] === 0) continue;
    listed[m] = segments.length;
    segments.push({ mask: m, rays: tally.rays[m]!, ...judgeSegment(tally, m, criteria) });
  }
  const numRays = segmentOfRay.length;
  const inSegment = new Int32Array(numRays).fill(-1);
  const classOfRay = new Uint8Array(numRays);
  const perSegment = new Int32Array(segments.length);
  let total = 0;
  for (let r = 0; r < numRays; r++) {
    if (segmentOfRay[r]! < 0) continue;
    const s = listed[segmentOfRay[r]!]!;
    inSegment[r] = s;
    if (supervised !== undefined && supervised[r] === 0) continue;
    classOfRay[r] = segments[s]!.classId;
    if (classOfRay[r] === 0) continue;
    perSegment[s]!++;
    total++;
  }
  const labelled = perSegment.reduce((count, rays) => count + (rays > 0 ? 1 : 0), 0);
  const weightOfRay = new Float32Array(numRays);
  for (let r = 0; r < numRays; r++) {
    const classId = classOfRay[r]!;
    if (classId === 0) continue;
    const share = weighting === 'ray' ? 1 : total / (labelled * perSegment[inSegment[r]!]!);
    weightOfRay[r] = share * (classWeights === undefined ? 1 : classWeights[classId]!);
  }
  return { classOfRay, weightOfRay, segmentOfRay: inSegment, segments };
}
