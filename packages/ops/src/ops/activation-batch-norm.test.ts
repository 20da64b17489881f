import { it } from '@jest/globals';
import { ones, type Tensor2D, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { checkOp } from '../testing/check-op.js';
import { onEveryForm } from '../testing/on-every-form.js';
import { randomFloats, seeded } from '../testing/random-data.js';
import { activationAffine } from './activation-affine.js';
import { activationBatchNorm } from './activation-batch-norm.js';

const leaky = (v: number, alpha: number): number => (v > 0 ? v : v * alpha);

const affine = (
  x: Float64Array,
  [gamma, beta, mean, variance]: readonly Float64Array[],
  { alpha, order, epsilon }: { alpha: number; order: string; epsilon: number },
): Float64Array =>
  x.map((value, n) => {
    const c = n % gamma.length;
    const z = order === 'before' ? leaky(value, alpha) : value;
    const y = (gamma[c] * (z - mean[c])) / Math.sqrt(variance[c] + epsilon) + beta[c];
    return order === 'after' ? leaky(y, alpha) : y;
  });

const statistics = (z: Float64Array, width: number): Float64Array[] => {
  const rows = z.length / width;
  const mean = new Float64Array(width);
  const variance = new Float64Array(width);
  z.forEach((value, n) => {
    mean[n % width] += value / rows;
  });
  z.forEach((value, n) => {
    variance[n % width] += (value - mean[n % width]) ** 2 / rows;
  });
  return [mean, variance];
};

onEveryForm('activationBatchNorm', (run) => {
  const random = seeded(31);
  const input = (...shape: number[]) => ({
    shape,
    values: randomFloats(
      random,
      shape.reduce((product, size) => product * size, 1),
      -2,
      2,
    ),
  });
  const cases = [
    [30, 5, 0.01, 'before'],
    [30, 5, 0, 'after'],
    [30, 5, 0.01, 'after'],
    [17, 1, 1, 'before'],
    [1, 3, 0.01, 'before'],
  ] as const;

  it.each(cases)('%p rows, %p channels, slope %p, activation %p', async (rows, width, alpha, order) => {
    const options = { alpha, order, epsilon: 1e-3 };
    const inputs = [input(rows, width), input(width), input(width)];
    await checkOp({
      run,
      inputs,
      // The statistics pass no gradient on, so they are checked for their values below.
      op: (x, gamma, beta) => [activationBatchNorm(x as Tensor2D, { gamma, beta }, options).y],
      reference: (x, gamma, beta) => {
        const z = order === 'before' ? x.map((value) => leaky(value, alpha)) : x;
        return [affine(x, [gamma, beta, ...statistics(z, width)], options)];
      },
      tolerance: 2e-4,
    });
    await checkOp({
      run,
      inputs,
      op: (x, gamma, beta) => {
        const { mean, variance } = activationBatchNorm(x as Tensor2D, { gamma, beta }, options);
        return [mean, variance];
      },
      reference: (x) => statistics(order === 'before' ? x.map((value) => leaky(value, alpha)) : x, width),
      gradients: false,
    });
  });

  it.each(cases)(
    'inference: %p rows, %p channels, slope %p, activation %p',
    async (rows, width, alpha, order) => {
      const options = { alpha, order, epsilon: 1e-3 };
      const mean = randomFloats(random, width);
      const variance = randomFloats(random, width, 0.5, 2);

      await checkOp({
        run,
        inputs: [input(rows, width), input(width), input(width)],
        op: (x, gamma, beta) => [
          activationAffine(
            x as Tensor2D,
            { gamma, beta, mean: tensor1d(mean), variance: tensor1d(variance) },
            options,
          ),
        ],
        reference: (x, gamma, beta) => [
          affine(x, [gamma, beta, Float64Array.from(mean), Float64Array.from(variance)], options),
        ],
      });
    },
  );

  it('no rows', async () => {
    await checkOp({
      run,
      inputs: [input(0, 3), input(3), input(3)],
      op: (x, gamma, beta) => {
        const { y, mean, variance } = activationBatchNorm(x as Tensor2D, { gamma, beta });
        return [y, mean, variance];
      },
      reference: () => [new Float64Array(0), new Float64Array(3), new Float64Array(3)],
      gradients: false,
    });
  });

  it('no rows with given statistics: gradients are zero, not what lay in memory', async () => {
    const [mean, variance] = [randomFloats(random, 3), randomFloats(random, 3, 0.5, 2)];
    for (let repetition = 0; repetition < 5; repetition++)
      await checkOp({
        run,
        inputs: [input(0, 3), input(3), input(3)],
        op: (x, gamma, beta) => [
          activationAffine(x as Tensor2D, {
            gamma,
            beta,
            mean: tensor1d(mean),
            variance: tensor1d(variance),
          }),
        ],
        reference: () => [new Float64Array(0)],
      });
  });

  it('keeps its digits far from zero', async () => {
    const x = randomFloats(random, 2000, 1000, 1001);
    await checkOp({
      run,
      inputs: [{ shape: [1000, 2], values: x }],
      op: (rows) => {
        return [activationBatchNorm(rows as Tensor2D, { gamma: ones([2]), beta: zeros([2]) }).variance];
      },
      reference: (rows) => [statistics(rows, 2)[1]],
      gradients: false,
    });
  });
});
