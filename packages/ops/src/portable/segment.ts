import { equal, gather, mul, type Tensor, tensor2d, where, zerosLike } from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type {
  SegmentAttrs,
  SegmentMaxGradInputs,
  SegmentMaxInputs,
  SegmentMeanGradInputs,
  SegmentMeanInputs,
  Segments,
} from '../kernels.js';
import { indexTensor, withZeroRow } from './padded-rows.js';
import { reduceSegments, scaleRows } from './reduce-segments.js';

export const portableSegmentMax = ({ x }: TensorsOf<SegmentMaxInputs>, { segments }: SegmentAttrs): Tensor =>
  reduceSegments(x, segments, 'max');

/** Rows of a per-segment tensor, one per original row; zeros where a row takes no part. */
const perRow = (perSegment: Tensor, { segmentOf, count }: Segments): Tensor =>
  gather(withZeroRow(perSegment), indexTensor(segmentOf, count));

export const portableSegmentMaxGrad = (
  { x, y, dy }: TensorsOf<SegmentMaxGradInputs>,
  { segments }: SegmentAttrs,
): Tensor => {
  const rows = segments.segmentOf.length;
  if (segments.order.length === 0) return zerosLike(x);
  // Row numbers counted down to 1, so that the maximum over those that attain it is the first; exact below 2^24 rows.
  const numbers = tensor2d(
    Float32Array.from({ length: rows }, (_, n) => rows - n),
    [rows, 1],
  );
  const candidates = where(equal(x, perRow(y, segments)), mul(numbers, 1), zerosLike(x));
  const first = reduceSegments(candidates, segments, 'max');
  return where(equal(perRow(first, segments), numbers), perRow(dy, segments), zerosLike(x));
};

/** 1 / rows of each segment; 0 for an empty one. */
export const inverseCounts = ({ offsets, count }: Segments): Float32Array => {
  const inverse = new Float32Array(count);
  for (let s = 0; s < count; s++) {
    const rows = offsets[s + 1] - offsets[s];
    inverse[s] = rows > 0 ? 1 / rows : 0;
  }
  return inverse;
};

export const portableSegmentMean = (
  { x }: TensorsOf<SegmentMeanInputs>,
  { segments }: SegmentAttrs,
): Tensor => scaleRows(reduceSegments(x, segments, 'sum'), inverseCounts(segments));

export const portableSegmentMeanGrad = (
  { dy }: TensorsOf<SegmentMeanGradInputs>,
  { segments }: SegmentAttrs,
): Tensor => perRow(scaleRows(dy, inverseCounts(segments)), segments);
