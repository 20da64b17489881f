import type { FusedSegment } from '@nerfseg/geometry';

/** True class of a pixel where nothing is that could have one: sky. */
export const nothingThere = 255;

/** A segment fused at the threshold 1, and what is truly inside its mask. */
export interface KnownSegment {
  /** 1..C-1, or 0 where it is rejected whatever the threshold. */
  readonly classId: number;
  readonly entropy: number;
  /** [C] pixels of each true class; at 0 those where nothing is. */
  readonly truth: Uint32Array;
}

/** What is known of one or more pictures. */
export interface KnownPixels {
  readonly segments: readonly KnownSegment[];
  /** [C] all pixels of each true class, in masks or not; at 0 those where nothing is. */
  readonly total: Uint32Array;
}

/** One threshold of {@link entropyCurve}. */
export interface EntropyCurvePoint {
  readonly threshold: number;
  /** Segments kept. */
  readonly segments: number;
  /** Pixels of known truth that got a class; of these, those that got the right one. */
  readonly labelled: number;
  readonly correct: number;
  /** Pixels that got a class where nothing is; part of `labelled`, never correct. */
  readonly onNothing: number;
  /** correct / labelled; undefined where nothing is labelled. */
  readonly accuracy: number | undefined;
  /** Share of the pixels with a true class that got some class. */
  readonly coverage: number;
  /** [C] correct / labelled as this class; undefined where nothing is. Class 0 has none. */
  readonly precision: readonly (number | undefined)[];
  /** [C] correct / pixels of this class; undefined where it does not occur. */
  readonly recall: readonly (number | undefined)[];
}

/**
 * Counts the truth inside fused segments.
 *
 * @param segments fused with `maxSegmentEntropy: 1`, so that no other threshold needs another fusion: it is the last
 * criterion, and a segment's entropy does not depend on it.
 * @param maskOfPixel [P] index of the mask that each pixel belongs to, or -1.
 * @param truth [P] true class of each: 1..C-1, 0 where it is not known (not counted), {@link nothingThere}.
 * @throws RangeError when the lengths differ or a class is neither.
 */
export function knownPixels(
  segments: readonly FusedSegment[],
  maskOfPixel: Int32Array,
  truth: Uint8Array,
  numClasses: number,
): KnownPixels {
  if (maskOfPixel.length !== truth.length)
    throw new RangeError(`knownPixels: ${maskOfPixel.length} pixels, ${truth.length} true classes`);
  const known = segments.map(({ classId, entropy }) => ({
    classId,
    entropy,
    truth: new Uint32Array(numClasses),
  }));
  const countOfMask = new Map(segments.map(({ mask }, s) => [mask, known[s]!.truth]));
  const total = new Uint32Array(numClasses);
  for (let p = 0; p < truth.length; p++) {
    if (truth[p] === 0) continue;
    const row = truth[p] === nothingThere ? 0 : truth[p]!;
    if (row >= numClasses) throw new RangeError(`knownPixels: class ${row} of ${numClasses}`);
    total[row]!++;
    const counts = countOfMask.get(maskOfPixel[p]!);
    if (counts) counts[row]!++;
  }
  return { segments: known, total };
}

/** Several pictures as one. */
export const joinKnownPixels = (parts: readonly KnownPixels[], numClasses: number): KnownPixels => ({
  segments: parts.flatMap(({ segments }) => segments),
  total: parts.reduce((sum, { total }) => sum.map((n, c) => n + total[c]!), new Uint32Array(numClasses)),
});

/** Accuracy, coverage, and precision and recall per class, as functions of the segments' entropy threshold. */
export function entropyCurve(
  { segments, total }: KnownPixels,
  thresholds: readonly number[],
): EntropyCurvePoint[] {
  const numClasses = total.length;
  const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);
  const withClass = sum(total) - total[0]!;
  return thresholds.map((threshold) => {
    const given = new Float64Array(numClasses);
    const right = new Float64Array(numClasses);
    let [kept, onNothing] = [0, 0];
    for (const { classId, entropy, truth } of segments) {
      if (classId === 0 || !(entropy <= threshold)) continue;
      kept++;
      onNothing += truth[0]!;
      given[classId]! += sum(truth);
      right[classId]! += truth[classId]!;
    }
    const [labelled, correct] = [sum(given), sum(right)];
    return {
      threshold,
      segments: kept,
      labelled,
      correct,
      onNothing,
      accuracy: share(correct, labelled),
      coverage: share(labelled - onNothing, withClass) ?? 0,
      precision: Array.from(given, (n, c) => share(right[c]!, n)),
      recall: Array.from(right, (n, c) => (c === 0 ? undefined : share(n, total[c]!))),
    };
  });
}

const sum = (counts: Uint32Array | Float64Array): number => {
  let all = 0;
  for (const count of counts) all += count;
  return all;
};
