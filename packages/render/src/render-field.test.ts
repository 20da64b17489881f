import { beforeEach, describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { medianDepth, renderField, toPixelSemantics, transmittanceAt } from './index.js';
import { evenRay, fieldOf, plainSamples } from './testing/fields.js';

beforeEach(() => tf.setBackend('cpu'));

/** The definition, in float64. */
const reference = (
  density: number[],
  logits: number[][],
  rays: [number, number][][],
  render: 'probabilities' | 'logits',
  unseen: 'uniform' | 'normalise',
) => {
  const softmax = (x: number[]) => {
    const exps = x.map(Math.exp);
    return exps.map((e) => e / exps.reduce((a, b) => a + b, 0));
  };
  let s = 0;
  return rays.map((samples) => {
    const named = logits[0].length - 1;
    const sum = new Array<number>(named).fill(0);
    let [through, opacity, depth] = [1, 0, 0];
    for (const [t, delta] of samples) {
      const alpha = 1 - Math.exp(-density[s] * delta);
      const w = through * alpha;
      through *= 1 - alpha;
      opacity += w;
      depth += w * t;
      const values = render === 'logits' ? logits[s].slice(1) : softmax(logits[s].slice(1));
      values.forEach((v, c) => {
        sum[c] += w * v;
      });
      s++;
    }
    const p =
      render === 'logits'
        ? softmax(sum)
        : unseen === 'uniform'
          ? sum.map((v) => v + (1 - opacity) / named)
          : sum.map((v) => (v + 1e-4 / named) / (opacity + 1e-4));
    const entropy = -p.reduce((h, v) => h + v * Math.log(Math.max(v, 1e-12)), 0) / Math.log(named);
    return { p: [0, ...p], entropy, opacity, depth };
  });
};

describe('renderField', () => {
  it('puts a density step where it is, opaque', async () => {
    const rays = [evenRay(20, 400)];
    const samples = plainSamples(rays);
    const density = rays[0].map(([t]) => (t < 8 ? 0 : 40));
    const field = fieldOf(
      density,
      density.map(() => [9, 5, 0]),
    );
    const rendered = renderField(field, samples, { render: 'probabilities' });
    const plain = await toPixelSemantics(rendered);
    expect(plain.opacity[0]).toBeCloseTo(1, 5);
    expect(Math.abs(plain.depth[0] - 8)).toBeLessThan(0.06);
    expect(plain.probabilities[0]).toBe(0);
    expect(plain.probabilities[1]).toBeGreaterThan(0.99);
    const median = medianDepth(rendered.weights.dataSync<'float32'>(), samples)[0];
    expect(Math.abs(median - 8)).toBeLessThan(0.06);
    const visible = (at: number) =>
      transmittanceAt(field.density, samples, Float32Array.of(at), () => 0).dataSync()[0];
    expect(visible(7.9)).toBeCloseTo(1, 5);
    expect(visible(8.1)).toBeCloseTo(Math.exp(-4), 3);
    expect(visible(10)).toBeLessThan(1e-6);
  });

  it('follows Beer and Lambert in a homogeneous medium, however it is cut', () => {
    for (const cuts of [3, 17, 200]) {
      const rays = [evenRay(5, cuts)];
      const field = fieldOf(new Array(cuts).fill(0.3), new Array(cuts).fill([0, 1, 2, 3]));
      const rendered = renderField(field, plainSamples(rays), { render: 'logits' });
      expect(rendered.opacity.dataSync()[0]).toBeCloseTo(1 - Math.exp(-1.5), 5);
    }
  });

  it.each([
    ['probabilities', 'uniform'],
    ['probabilities', 'normalise'],
    ['logits', 'uniform'],
  ] as const)('agrees with the definition: %s, %s', async (render, unseen) => {
    const random = createRandom(4);
    const rays = [evenRay(10, 12), [], evenRay(3, 1), evenRay(30, 40)];
    const count = rays.reduce((sum, r) => sum + r.length, 0);
    const density = Array.from({ length: count }, () => Math.max(0, random.normal()));
    const logits = density.map(() => Array.from({ length: 5 }, () => 2 * random.normal()));
    const rendered = renderField(fieldOf(density, logits), plainSamples(rays), { render, unseen });
    const plain = await toPixelSemantics(rendered);
    const logs = await rendered.logProbabilities.data();
    reference(density, logits, rays, render, unseen).forEach((expected, r) => {
      expect(plain.opacity[r]).toBeCloseTo(expected.opacity, 5);
      expect(plain.depth[r]).toBeCloseTo(expected.depth, 4);
      expect(plain.entropy[r]).toBeCloseTo(expected.entropy, 4);
      expected.p.forEach((p, c) => {
        expect(plain.probabilities[r * 5 + c]).toBeCloseTo(p, 5);
        if (c > 0) expect(logs[r * 5 + c]).toBeCloseTo(Math.log(Math.max(p, 1e-7)), 2);
      });
    });
    // The second ray sees nothing.
    expect([...plain.probabilities.slice(5, 10)]).toEqual([0, ...new Array(4).fill(expect.closeTo(0.25, 6))]);
    expect(plain.entropy[1]).toBeCloseTo(1, 5);
  });

  it.each(['cpu', 'wasm'])(
    'gives no-one NaN: nothing seen, no rays, opaque everywhere, on %s',
    async (backend) => {
      await tf.setBackend(backend);
      for (const render of ['probabilities', 'logits'] as const) {
        for (const unseen of ['uniform', 'normalise'] as const) {
          const nothing = renderField(fieldOf([], []), plainSamples([[], []]), { render, unseen });
          const plain = await toPixelSemantics(nothing);
          expect([...plain.opacity, ...plain.depth]).toEqual([0, 0, 0, 0]);
          expect(plain.entropy[1]).toBeCloseTo(1, 5);
          expect(plain.probabilities[7]).toBeCloseTo(1 / 3, 5);
          const none = await toPixelSemantics(
            renderField(fieldOf([], []), plainSamples([]), { render, unseen }),
          );
          expect([none.opacity.length, none.probabilities.length]).toEqual([0, 0]);
          const solid = fieldOf([3000, 3000], [new Array(4).fill(0), [0, 80, -80, 0]]);
          const sealed = await toPixelSemantics(
            renderField(solid, plainSamples([evenRay(1, 2)]), { render }),
          );
          expect(sealed.probabilities.every(Number.isFinite) && sealed.entropy.every(Number.isFinite)).toBe(
            true,
          );
        }
      }
    },
  );
});
