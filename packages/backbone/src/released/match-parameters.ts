import type { ParameterSpec } from '../parameters.js';
import type { TorchTensor } from '../torch/decode-torch.js';
import { refuse } from '../torch/refuse.js';
import { like } from './missing.js';
import { nearestName } from './nearest-name.js';
import { foreignShape, type WeightLayout, weightLayouts } from './weight-layouts.js';

/** A parameter of the network and the checkpoint's tensor for it. */
export interface Match {
  readonly spec: ParameterSpec;
  readonly tensor: TorchTensor;
}

export interface Matches {
  readonly layout: WeightLayout;
  readonly matches: readonly Match[];
}

/** Buffers that say nothing: step counters of norms, spconv's record of the most voxels seen. */
const passedOver = /\.(?:num_batches_tracked|_max_num_voxels_during_training)$/;

/** More than these are counted, not named. */
const mostNamed = 12;

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, axis) => n === b[axis]);

/** One error that names all problems, the first one as its field. */
function report(problems: readonly { name: string; found: string; expected: string }[]): void {
  const [first, ...rest] = problems;
  if (!first) return;
  const others = rest
    .slice(0, mostNamed - 1)
    .map(({ name, found, expected }) => `${name}: ${found}, not ${expected}`);
  if (rest.length > others.length) others.push(`${rest.length - others.length} more`);
  const hint = others.length === 0 ? undefined : `Also ${others.join('; ')}.`;
  refuse('mismatch', first.name, first.found, first.expected, hint);
}

/**
 * Pairs every parameter with a tensor. All that is missing, left over or of another shape is named, with the nearest name on the
 * other side. The layout is the one that most convolutions' shapes fit: where input and output channels differ only one does.
 */
export function matchParameters(
  specs: readonly ParameterSpec[],
  foreign: (own: string) => string,
  tensors: ReadonlyMap<string, TorchTensor>,
): Matches {
  const expected = new Map(specs.map((spec) => [foreign(spec.name), spec]));
  const surplus = [...tensors.keys()].filter((name) => !expected.has(name) && !passedOver.test(name));
  const absent = [...expected.keys()].filter((name) => !tensors.has(name));
  // A misspelt name is most likely that of a parameter which is missing.
  const nearest = (name: string, ...candidates: readonly (readonly string[])[]): string =>
    like(candidates.map((names) => nearestName(name, names.slice(0, 1000))).find((found) => found));
  report([
    ...absent.map((name, i) => ({
      name,
      found: `no such tensor${i < mostNamed ? nearest(name, surplus) : ''}`,
      expected: "one of Cylinder3D's",
    })),
    ...surplus.map((name, i) => ({
      name,
      found: 'a tensor the network does not have',
      expected: `one of its parameters${i < mostNamed ? nearest(name, absent, [...expected.keys()]) : ''}`,
    })),
  ]);

  const matches = [...expected].map(([name, spec]): Match => ({ spec, tensor: tensors.get(name)! }));
  const fits = (layout: WeightLayout): number =>
    matches.filter(({ spec, tensor }) => sameShape(tensor.shape, foreignShape(spec, layout))).length;
  const layout = weightLayouts.reduce((best, other) => (fits(other) > fits(best) ? other : best));
  report(
    [...expected].flatMap(([name, spec]) => {
      const { shape } = tensors.get(name)!;
      const wanted = foreignShape(spec, layout);
      if (sameShape(shape, wanted)) return [];
      return [{ name: `${name}.shape`, found: shape.join(' x '), expected: wanted.join(' x ') }];
    }),
  );
  return { layout, matches };
}
