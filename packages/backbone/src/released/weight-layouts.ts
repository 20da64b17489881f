import { kernelShapes } from '../kernel-shapes.js';
import type { ParameterSpec } from '../parameters.js';

/**
 * How a sparse library lays out a convolution's weights, spatial axes in the order rho, phi, z:
 * 'spconv1' [r, p, z, input, output] (spconv 1.x, and mmcv's own operators); 'spconv2' [output, r, p, z, input] (2.x);
 * 'spconv2-native' [r, p, z, output, input] (2.0 and 2.1 with the 'native' algorithm).
 */
export type WeightLayout = 'spconv1' | 'spconv2' | 'spconv2-native';

export const weightLayouts: readonly WeightLayout[] = ['spconv1', 'spconv2', 'spconv2-native'];

/** The shape that a parameter has in a checkpoint of PyTorch. */
export function foreignShape(spec: ParameterSpec, layout: WeightLayout): readonly number[] {
  if (spec.kernel) {
    const [, input, output] = spec.shape;
    const kernel = kernelShapes[spec.kernel];
    if (layout === 'spconv1') return [...kernel, input, output];
    return layout === 'spconv2' ? [output, ...kernel, input] : [...kernel, output, input];
  }
  return spec.shape.length === 2 ? [spec.shape[1], spec.shape[0]] : spec.shape;
}

/** [before, a, b] with its last two axes exchanged. */
function swapLast(values: Float32Array, a: number, b: number): Float32Array {
  const result = new Float32Array(values.length);
  for (let base = 0; base < values.length; base += a * b)
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++) result[base + j * a + i] = values[base + i * b + j];
  return result;
}

/** A checkpoint's values in this project's layout: linear [input, output], convolutions [taps, input, output]. */
export function ownLayout(values: Float32Array, spec: ParameterSpec, layout: WeightLayout): Float32Array {
  if (spec.kernel) {
    const [taps, input, output] = spec.shape;
    if (layout === 'spconv1') return values;
    // [output, taps, input] is [output, taps * input]: one exchange gives [taps, input, output].
    return layout === 'spconv2' ? swapLast(values, output, taps * input) : swapLast(values, output, input);
  }
  return spec.shape.length === 2 ? swapLast(values, spec.shape[1], spec.shape[0]) : values;
}
