import { expect, it } from '@jest/globals';
import { ones, type Tensor1D, type Tensor2D, tensor1d } from '@tensorflow/tfjs-core';
import { checkOp } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, seeded } from '../testing/random-data.js';
import { linear } from './linear.js';

const activations = {
  none: (v: number) => v,
  relu: (v: number) => Math.max(0, v),
  leakyRelu: (v: number) => (v > 0 ? v : 0.01 * v),
  sigmoid: (v: number) => 1 / (1 + Math.exp(-v)),
} as const;

onEveryForm('linear', (run) => {
  const random = seeded(61);
  const sizes = [
    [10, 4, 6],
    [1, 1, 1],
    [520, 3, 5],
    [0, 3, 2],
    [5, 0, 3],
    [4, 3, 0],
  ];
  it('takes biases of -Infinity', async () => {
    const y = run(() => linear(ones([1, 2]), ones([2, 2]), tensor1d([Number.NEGATIVE_INFINITY, 1])));
    expect([...(await y.data())]).toEqual([Number.NEGATIVE_INFINITY, 3]);
    y.dispose();
  });

  for (const activation of ['none', 'relu', 'leakyRelu', 'sigmoid'] as const) {
    it.each(sizes)(`${activation}: %p rows, %p to %p channels`, async (rows, channelsIn, channelsOut) => {
      await checkOp({
        run,
        inputs: [[rows, channelsIn], [channelsIn, channelsOut], [channelsOut]].map((shape) => ({
          shape,
          values: randomFloats(
            random,
            shape.reduce((product, size) => product * size, 1),
          ),
        })),
        op: (x, w, bias) => [linear(x as Tensor2D, w as Tensor2D, bias as Tensor1D, activation)],
        reference: (x, w, bias) => [
          Float64Array.from({ length: rows * channelsOut }, (_, n) => {
            const [r, c] = [Math.floor(n / channelsOut), n % channelsOut];
            let sum = bias[c];
            for (let k = 0; k < channelsIn; k++) sum += x[r * channelsIn + k] * w[k * channelsOut + c];
            return activations[activation](sum);
          }),
        ],
      });
    });
  }
});
