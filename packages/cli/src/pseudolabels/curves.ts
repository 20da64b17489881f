import type { FusedSegment, LabelSpace } from '@nerfseg/geometry';
import {
  countSegments,
  type EntropyCurvePoint,
  entropyCurve,
  type FusionStatistics,
} from '@nerfseg/pseudolabel';
import type { Measured } from './measure-frames.js';

/** One way of labelling, at every threshold and at the one that training uses. */
export interface WayCurve {
  readonly curve: readonly EntropyCurvePoint[];
  /** At the run's own threshold. */
  readonly chosen: EntropyCurvePoint;
  /** What the run's own threshold keeps, and why the rest is not kept. */
  readonly statistics: FusionStatistics;
  /** [C] pixels (or points) of each true class; at 0 sky. */
  readonly total: readonly number[];
}

/** Thresholds from 0 to 1. */
export const thresholds: readonly number[] = Array.from({ length: 51 }, (_, i) => i / 50);

export const curveOf = ({ segments, known }: Measured, threshold: number, numClasses: number): WayCurve => ({
  curve: entropyCurve(known, thresholds),
  chosen: entropyCurve(known, [threshold])[0]!,
  statistics: countSegments(
    segments.map((segment) => cut(segment, threshold)),
    numClasses,
  ),
  total: [...known.total],
});

const cut = (segment: FusedSegment, threshold: number): FusedSegment =>
  segment.rejected === undefined && !(segment.entropy <= threshold)
    ? { ...segment, classId: 0, rejected: 'entropy' }
    : segment;

/** Classes with a true pixel, most frequent first. */
export const occurring = ({ total }: WayCurve, { names }: LabelSpace): number[] =>
  names
    .map((_, id) => id)
    .filter((id) => id !== 0 && total[id]! > 0)
    .sort((a, b) => total[b]! - total[a]!);
