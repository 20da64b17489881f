import type { Tensor2D } from '@tensorflow/tfjs-core';
import { type Primitive, runPrimitive } from '../dispatch.js';
import { hostSegmentMax, hostSegmentMaxGrad, hostSegmentMean, hostSegmentMeanGrad } from '../host/segment.js';
import {
  type SegmentAttrs,
  SegmentMax,
  SegmentMaxGrad,
  type SegmentMaxGradInputs,
  type SegmentMaxInputs,
  SegmentMean,
  SegmentMeanGrad,
  type SegmentMeanGradInputs,
  type SegmentMeanInputs,
  type Segments,
} from '../kernels.js';
import {
  portableSegmentMax,
  portableSegmentMaxGrad,
  portableSegmentMean,
  portableSegmentMeanGrad,
} from '../portable/segment.js';
import { checkShape } from './check-shape.js';

const maxGrad: Primitive<SegmentMaxGradInputs, SegmentAttrs> = {
  name: SegmentMaxGrad,
  portable: portableSegmentMaxGrad,
  host: hostSegmentMaxGrad,
};

const max: Primitive<SegmentMaxInputs, SegmentAttrs> = {
  name: SegmentMax,
  portable: portableSegmentMax,
  host: hostSegmentMax,
  gradient: {
    saveInputs: ['x'],
    saveOutputs: [true],
    rule: ([dy], [x, y], attrs) => ({ x: () => runPrimitive(maxGrad, { x, y, dy }, attrs)[0] }),
  },
};

const meanGrad: Primitive<SegmentMeanGradInputs, SegmentAttrs> = {
  name: SegmentMeanGrad,
  portable: portableSegmentMeanGrad,
  host: hostSegmentMeanGrad,
};

const mean: Primitive<SegmentMeanInputs, SegmentAttrs> = {
  name: SegmentMean,
  portable: portableSegmentMean,
  host: hostSegmentMean,
  gradient: {
    saveInputs: [],
    rule: ([dy], _, attrs) => ({ x: () => runPrimitive(meanGrad, { dy }, attrs)[0] }),
  },
};

/**
 * The maximum of every segment's rows, channel by channel; 0 for an empty segment. The gradient goes to the first row
 * that attains the maximum.
 *
 * @param x [N, C]
 * @param segments of N rows, from {@link segmentsOf}
 * @returns [segments.count, C]
 */
export const segmentMax = (x: Tensor2D, segments: Segments): Tensor2D => {
  checkShape('segmentMax', 'x', x, [segments.segmentOf.length, null]);
  return runPrimitive(max, { x }, { segments })[0] as Tensor2D;
};

/**
 * The mean of every segment's rows, channel by channel; 0 for an empty segment. Differentiable in x.
 *
 * @param x [N, C]
 * @param segments of N rows, from {@link segmentsOf}
 * @returns [segments.count, C]
 */
export const segmentMean = (x: Tensor2D, segments: Segments): Tensor2D => {
  checkShape('segmentMean', 'x', x, [segments.segmentOf.length, null]);
  return runPrimitive(mean, { x }, { segments })[0] as Tensor2D;
};
