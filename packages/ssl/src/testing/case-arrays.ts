import type { Network, ScanPlan } from '@nerfseg/backbone';
import type { NerfHead, RaySamples } from '@nerfseg/render';
import { joinFloats } from '../data/join.js';
import { isFrameScan } from '../train/step-scan.js';
import type { MethodCase } from './method-case.js';

type Values = Float32Array | Int32Array | Uint8Array;

/** Arrays by name, with shapes: what another program needs to compute a case's step again. */
export type NamedArrays = Record<string, { readonly values: Values; readonly shape: readonly number[] }>;

/** A network's or head's variables. */
const weights = (into: NamedArrays, name: string, part: Network | NerfHead | undefined): void => {
  if (!part) return;
  const variables = { ...part.trainable, ...('statistics' in part ? part.statistics : {}) };
  for (const [key, variable] of Object.entries(variables))
    into[`${name}/${key}`] = { values: variable.dataSync() as Float32Array, shape: variable.shape };
};

const flat = (into: NamedArrays, name: string, values: Values | undefined, columns = 0): void => {
  if (values)
    into[name] = { values, shape: columns === 0 ? [values.length] : [values.length / columns, columns] };
};

const plan = (
  into: NamedArrays,
  name: string,
  { levels, segments, points, pointFeatures }: ScanPlan,
): void => {
  for (const { level, maps, down } of levels)
    for (const [kernel, map] of Object.entries({ ...maps, ...(down ? { down } : {}) }))
      flat(into, `${name}/map/${level}/${kernel}`, map.inputOf, map.taps);
  flat(into, `${name}/segments`, segments.segmentOf);
  const values = joinFloats(pointFeatures);
  flat(into, `${name}/points`, values, values.length / points);
  flat(into, `${name}/scanOffsets`, levels[0]!.scanOffsets);
};

const rays = (into: NamedArrays, samples: RaySamples): void => {
  flat(into, 'rays/offsets', samples.rayOffsets);
  flat(into, 'rays/t', samples.t);
  flat(into, 'rays/delta', samples.delta);
  flat(into, 'rays/extras', samples.extras, samples.extraSize);
  for (const [l, { indices, weights: corners, corners: count }] of samples.levels.entries()) {
    flat(into, `rays/indices/${l}`, indices, count);
    flat(into, `rays/weights/${l}`, corners, count);
  }
};

/** Everything that goes into a step: networks before it, scans as they were read and planned, labels, rays. */
export function caseArrays({ session, batch, scans, roundPlans }: MethodCase): NamedArrays {
  const into: NamedArrays = {};
  weights(into, 'network', session.student);
  weights(into, 'averaged', session.averaged);
  weights(into, 'head', session.heads?.student);
  weights(into, 'peer', session.peer);
  plan(into, 'batch', batch.plan);
  for (const [i, one] of roundPlans.entries()) plan(into, `round/${i}`, one);
  flat(into, 'labels', batch.labels);
  flat(into, 'classWeights', batch.classWeights);
  for (const [i, scan] of scans.entries()) {
    const name = `scan/${i}`;
    flat(into, `${name}/voxelOfPoint`, scan.prepared.scan.voxelOfPoint);
    if (isFrameScan(scan)) {
      flat(into, `${name}/pointLabels`, scan.prepared.pointLabels);
      // What masks say is given; what networks say is computed again.
      if (session.heads || scan.views.length > 0 || !session.labeller)
        flat(into, `${name}/maskedPoints`, scan.pseudoPoints);
      if (scan.plan) plan(into, `${name}/seen`, scan.plan);
      flat(into, `${name}/plainVoxelOfPoint`, scan.plain?.scan.voxelOfPoint);
      flat(into, `${name}/plainCoords`, scan.plain?.scan.coords);
    } else {
      const { parts, partOfPoint, rowOfPoint } = scan.prepared.origins;
      flat(
        into,
        `${name}/scanOfPart`,
        Int32Array.from(parts, (part) => part.scan),
      );
      flat(into, `${name}/partOfPoint`, partOfPoint);
      flat(into, `${name}/rowOfPoint`, rowOfPoint);
    }
  }
  if (batch.rays) {
    const { samples, range, free, classes, pseudoClasses, pseudoWeights } = batch.rays;
    rays(into, samples);
    for (const [name, values] of Object.entries({ range, free, classes, pseudoClasses, pseudoWeights }))
      flat(into, `rays/${name}`, values);
  }
  return into;
}

/** Over all whole numbers that go in: a fixture of other inputs is told apart from a wrong result. */
export function inputDigest(arrays: NamedArrays): number {
  let digest = 0;
  for (const { values } of Object.values(arrays))
    if (!(values instanceof Float32Array))
      for (const value of values) digest = (Math.imul(digest, 31) + value) | 0;
  return digest;
}
