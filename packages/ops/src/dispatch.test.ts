import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  add,
  grads,
  mul,
  neg,
  ready,
  setBackend,
  sub,
  sum,
  type Tensor,
  type TensorInfo,
  tensor1d,
} from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { type OutputGradients, type Primitive, runPrimitive } from './dispatch.js';
import { greetQuietly } from './engine/quietly.js';

describe('gradients of primitives', () => {
  beforeAll(async () => {
    await setBackend('cpu');
    await ready();
    greetQuietly();
  });

  /** x to [2 x, -x, x x]. Tells what gradients it was given. */
  const asked: (number[] | undefined)[][] = [];
  const three: Primitive<{ x: TensorInfo }, { times: number }> = {
    name: 'NerfsegTestThree',
    portable: ({ x }, { times }) => [mul(x, times), neg(x), mul(x, x)],
    gradient: {
      saveInputs: ['x'],
      rule: (dys: OutputGradients, [x], { times }) => {
        asked.push(dys.map((dy) => (dy ? Array.from(dy.dataSync()) : undefined)));
        const [first, second, third] = dys;
        return {
          x: () => {
            let dx: Tensor = mul(first, times);
            if (second) dx = sub(dx, second);
            if (third) dx = add(dx, mul(mul(third, x), 2));
            return dx;
          },
        };
      },
    },
  };
  const run = (x: Tensor): Tensor[] => runPrimitive(three, { x }, { times: 2 });
  const gradientOf = (
    loss: (outputs: Tensor[]) => Tensor,
  ): { dx: number[]; dys: (number[] | undefined)[] } => {
    asked.length = 0;
    const [dx] = grads((x: Tensor) => loss(run(x)) as never)([tensor1d([1, 3])]);
    return { dx: Array.from(dx.dataSync()), dys: asked[0] };
  };

  it('are told which outputs nobody differentiates, in place of zeros', () => {
    expect(gradientOf(([first]) => sum(first))).toEqual({ dx: [2, 2], dys: [[1, 1], undefined, undefined] });
    expect(gradientOf(([first, , third]) => sum(add(first, third)))).toEqual({
      dx: [4, 8],
      dys: [[1, 1], undefined, [1, 1]],
    });
  });

  it('have zeros for the first output, which every rule reads', () => {
    expect(gradientOf(([, second]) => sum(second))).toEqual({
      dx: [-1, -1],
      dys: [[0, 0], [1, 1], undefined],
    });
  });

  it('can be of several uses of one primitive', () => {
    const [dx] = grads((x: Tensor) => sum(run(run(x)[1])[2]) as never)([tensor1d([1, 3])]);
    expect(Array.from(dx.dataSync())).toEqual([2, 6]);
  });
});
