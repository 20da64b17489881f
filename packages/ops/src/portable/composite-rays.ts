import {
  add,
  cumsum,
  exp,
  expandDims,
  expm1,
  gather,
  mul,
  neg,
  reshape,
  sub,
  sum,
  type Tensor,
  tensor1d,
  zeros,
} from '@tensorflow/tfjs-core';
import type { TensorsOf } from '../dispatch.js';
import type {
  CompositeRaysAttrs,
  CompositeRaysGradInputs,
  CompositeRaysInputs,
  PackedRays,
} from '../kernels.js';
import { columnsOf, indexTensor, withZeroRow } from './padded-rows.js';

/** Rays side by side, as long as the longest: where each place's sample is, and each sample's place and ray. */
interface Padding {
  readonly rays: number;
  readonly longest: number;
  /** [rays * longest] sample, or the number of samples (a sample of zeros that is appended). */
  readonly sampleAt: Int32Array;
  /** [S] */
  readonly placeOf: Int32Array;
  /** [S] */
  readonly rayOf: Int32Array;
}

const known = new WeakMap<Int32Array, Padding>();

const paddingOf = ({ rayOffsets }: PackedRays): Padding => {
  const before = known.get(rayOffsets);
  if (before) return before;
  const rays = rayOffsets.length - 1;
  const samples = rayOffsets[rays];
  let longest = 1;
  for (let r = 0; r < rays; r++) longest = Math.max(longest, rayOffsets[r + 1] - rayOffsets[r]);
  const sampleAt = new Int32Array(rays * longest).fill(samples);
  const placeOf = new Int32Array(samples);
  const rayOf = new Int32Array(samples);
  for (let r = 0; r < rays; r++) {
    for (let s = rayOffsets[r], place = r * longest; s < rayOffsets[r + 1]; s++, place++) {
      sampleAt[place] = s;
      placeOf[s] = place;
      rayOf[s] = r;
    }
  }
  const padding = { rays, longest, sampleAt, placeOf, rayOf };
  known.set(rayOffsets, padding);
  return padding;
};

/** [rays, longest] of a value per sample, zeros behind each ray's end. */
const padded = (perSample: Tensor, { rays, longest, sampleAt }: Padding): Tensor => {
  const samples = perSample.size;
  const table = reshape(perSample, [samples, 1]);
  return reshape(gather(withZeroRow(table), indexTensor(sampleAt, samples)), [rays, longest]);
};

const unpadded = (perPlace: Tensor, { placeOf }: Padding): Tensor =>
  gather(reshape(perPlace, [perPlace.size]), indexTensor(placeOf, 0));

export const portableCompositeRays = (
  { density, values }: TensorsOf<CompositeRaysInputs>,
  { rays }: CompositeRaysAttrs,
): Tensor[] => {
  const channels = columnsOf(values);
  const padding = paddingOf(rays);
  if (density.size === 0) {
    return [zeros([padding.rays, channels]), zeros([padding.rays]), zeros([padding.rays]), zeros([0])];
  }
  const thickness = padded(mul(density, tensor1d(rays.delta)), padding);
  const transmittance = exp(neg(cumsum(thickness, 1, true)));
  const weights = mul(transmittance, neg(expm1(neg(thickness))));
  const valuesAt = gather(withZeroRow(values), indexTensor(padding.sampleAt, density.size));
  const perRay = reshape(valuesAt, [padding.rays, padding.longest, channels]);
  return [
    sum(mul(expandDims(weights, 2), perRay), 1),
    sum(weights, 1),
    sum(mul(weights, padded(tensor1d(rays.t), padding)), 1),
    unpadded(weights, padding),
  ];
};

export const portableCompositeRaysGrad = (
  { density, values, weights, dy, dOpacity, dDepth, dWeights }: TensorsOf<CompositeRaysGradInputs>,
  { rays }: CompositeRaysAttrs,
): Tensor[] => {
  if (density.size === 0) return [zeros([0]), zeros([0, columnsOf(values)])];
  const padding = paddingOf(rays);
  const rayOf = indexTensor(padding.rayOf, 0);
  const delta = tensor1d(rays.delta);
  const dyOfSample = gather(dy, rayOf);
  const dWeight = add(
    add(sum(mul(values, dyOfSample), 1), gather(dOpacity, rayOf)),
    add(mul(gather(dDepth, rayOf), tensor1d(rays.t)), dWeights),
  );
  const behind = cumsum(padded(mul(dWeight, weights), padding), 1, true, true);
  const left = exp(neg(cumsum(padded(mul(density, delta), padding), 1)));
  const dThickness = sub(mul(padded(dWeight, padding), left), behind);
  return [mul(delta, unpadded(dThickness, padding)), mul(expandDims(weights, 1), dyOfSample)];
};
