import { isLeft } from 'fp-ts/lib/Either.js';
import { refuse, refuseWith } from '../torch/refuse.js';
import { toFloat32 } from '../torch/to-float32.js';
import type { Match } from './match-parameters.js';
import type { Values } from './own-conventions.js';
import { ownLayout, type WeightLayout } from './weight-layouts.js';

/** Of float32. */
const largestFloat = 3.4028234663852886e38;

const floats = ['F32', 'F16', 'BF16', 'F64'];

/** Index of the first value that is not finite or below `least`; -1 where all are right. */
function firstWrong(values: Float32Array, least: number): number {
  for (let i = 0; i < values.length; i++)
    if (!(values[i] >= least && values[i] < Number.POSITIVE_INFINITY)) return i;
  return -1;
}

/** Reads matched tensors as float32 in this project's layouts, and checks that they are numbers a network can use. */
export function readValues(matches: readonly Match[], layout: WeightLayout): Values {
  const entries = matches.map(({ spec, tensor }): [string, Float32Array] => {
    if (!floats.includes(tensor.dtype))
      refuse('mismatch', `${tensor.name}.dtype`, tensor.dtype, floats.join(', '));
    const data = tensor.read();
    if (isLeft(data)) return refuseWith(data.left);
    const values = toFloat32(data.right);
    const least = spec.name.endsWith('.variance') ? 0 : -largestFloat;
    const wrong = firstWrong(values, least);
    if (wrong >= 0)
      refuse(
        'malformed',
        `${tensor.name}[${wrong}]`,
        String(values[wrong]),
        least === 0 ? 'a variance' : 'a finite number',
      );
    return [spec.name, ownLayout(values, spec, layout)];
  });
  return Object.fromEntries(entries);
}
