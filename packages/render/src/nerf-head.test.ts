import { beforeAll, describe, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import {
  concatSamples,
  copyNerfHead,
  createNerfHead,
  densityLikelihood,
  disposeNerfHead,
  evaluateDensity,
  evaluateNerfHead,
  type NerfHead,
  type NerfHeadConfig,
  type RaySamples,
  renderRays,
  toPixelSemantics,
} from './index.js';
import { plainSamples, randomScene } from './testing/fields.js';

beforeAll(() => tf.setBackend('cpu'));

const NUM_CLASSES = 4;
const headFor = (channels: readonly number[], overrides: Partial<NerfHeadConfig> = {}, seed = 1): NerfHead =>
  createNerfHead(
    {
      levelChannels: channels,
      numClasses: NUM_CLASSES,
      hidden: 6,
      layers: 2,
      initialDensity: 0.3,
      ...overrides,
    },
    createRandom(seed),
  );

/** The head by its definition: interpolate, concatenate, multiply. */
const reference = (head: NerfHead, features: readonly tf.Tensor2D[], samples: RaySamples) => {
  const w = (name: string) => head.trainable[name].arraySync();
  const vector = (name: string) => w(name) as number[];
  const times = (x: number[], name: string) => {
    const m = w(name) as number[][];
    return m[0].map((_, o) => x.reduce((sum, v, i) => sum + v * m[i][o], 0));
  };
  const plus = (a: number[], b: number[]) => a.map((v, i) => v + b[i]);
  const values = features.map((f) => f.arraySync());
  return Array.from({ length: samples.sampleCount }, (_, s) => {
    const extras = [...samples.extras.subarray(s * samples.extraSize, (s + 1) * samples.extraSize)];
    let x = plus(times(extras, 'trunk.extras'), vector('trunk.bias'));
    samples.levels.forEach(({ corners, indices, weights }, l) => {
      const sampled = new Array<number>(features[l].shape[1]).fill(0);
      for (let c = s * corners; c < (s + 1) * corners; c++)
        if (indices[c] >= 0)
          values[l][indices[c]].forEach((v, i) => {
            sampled[i] += weights[c] * v;
          });
      x = plus(x, times(sampled, `trunk.level${l}`));
    });
    x = x.map((v) => Math.max(0, v));
    x = plus(times(x, 'trunk.layer1.weight'), vector('trunk.layer1.bias')).map((v) => Math.max(0, v));
    return {
      density: Math.exp(plus(times(x, 'density.weight'), vector('density.bias'))[0]),
      logits: plus(times(x, 'classes.weight'), vector('classes.bias')),
    };
  });
};

describe('evaluateDensity', () => {
  it.each([
    {},
    { separateDensity: true },
    { stopDensityGradient: true, densityActivation: 'softplus' },
  ] as const)('is the density of evaluateNerfHead (%j)', (overrides) => {
    const { samples, features, channels } = randomScene(createRandom(2), { interpolation: 'nearest' });
    const head = headFor(channels, overrides);
    const { density } = evaluateNerfHead(head, features, samples);
    expect(evaluateDensity(head, features, samples).dataSync()).toEqual(density.dataSync());
    expect(density.size).toBeGreaterThan(10);
  });

  it('has no values where rays have no samples', () => {
    const { samples, features, channels } = randomScene(createRandom(2), { interpolation: 'nearest' });
    const none = { ...samples, sampleCount: 0, extras: new Float32Array(0) };
    expect(evaluateDensity(headFor(channels), features, none).shape).toEqual([0]);
  });
});

describe('evaluateNerfHead', () => {
  it.each(['nearest', 'trilinear'] as const)('agrees with interpolating first (%s)', (interpolation) => {
    const { samples, features, channels } = randomScene(createRandom(1), { interpolation });
    const head = headFor(channels);
    const { density, logits } = evaluateNerfHead(head, features, samples);
    const [d, l] = [density.dataSync(), logits.dataSync()];
    expect(samples.sampleCount).toBeGreaterThan(10);
    reference(head, features, samples).forEach((expected, s) => {
      expect(d[s]).toBeCloseTo(expected.density, 4);
      expected.logits.forEach((v, c) => {
        expect(l[s * NUM_CLASSES + c]).toBeCloseTo(v, 4);
      });
    });
  });

  it('starts at the initial density, either activation', () => {
    const { samples, features, channels } = randomScene(createRandom(2), { rays: 40 });
    for (const densityActivation of ['exp', 'softplus'] as const) {
      const head = headFor(channels, { densityActivation, hidden: 32, initialDensity: 0.2 });
      const mean = tf.mean(evaluateNerfHead(head, features, samples).density).dataSync()[0];
      expect(Math.abs(Math.log(mean / 0.2))).toBeLessThan(0.5);
    }
  });

  it('adds the shared classifier to its own logits, which start at zero', () => {
    const { samples, features, channels } = randomScene(createRandom(3));
    const head = headFor(channels, { shareClassifier: true });
    const voxelLogits = tf.randomNormal(
      [features[0].shape[0], NUM_CLASSES],
      0,
      1,
      'float32',
      1,
    ) as tf.Tensor2D;
    const found = evaluateNerfHead(head, features, samples, voxelLogits).logits.arraySync();
    const given = voxelLogits.arraySync();
    samples.levels[0].indices.forEach((row, s) => {
      found[s].forEach((v, c) => {
        expect(v).toBeCloseTo(row < 0 ? 0 : given[row][c], 5);
      });
    });
    expect(() => evaluateNerfHead(head, features, samples)).toThrow(/shares/);
    expect(() => evaluateNerfHead(headFor(channels), [features[0]], samples)).toThrow(/level features/);
  });

  it('is the same for scans joined as for each alone', () => {
    const { samples, features, channels } = randomScene(createRandom(4));
    const head = headFor(channels);
    const joined = concatSamples([samples, samples]);
    const [one, two] = [samples, joined].map((s) =>
      renderRays(head, features, s, { render: 'probabilities' }).probabilities.arraySync(),
    );
    expect(two).toEqual([...one, ...one]);
  });
});

/** A loss that everything rendered has a part in. */
const lossOf = (head: NerfHead, samples: RaySamples, features: tf.Tensor2D[], voxelLogits: tf.Tensor2D) =>
  tf.tidy(() => {
    const rendered = renderRays(head, features, samples, { render: 'probabilities', voxelLogits });
    const range = new Float32Array(samples.rayCount).fill(5);
    const chosen = tf.slice(rendered.logProbabilities, [0, 2], [samples.rayCount, 1]);
    return [
      tf.neg(tf.mean(chosen)),
      tf.mean(rendered.entropy),
      tf.mul(0.1, tf.mean(rendered.depth)),
      tf.mean(rendered.opacity),
      densityLikelihood(rendered.density, samples, range),
    ].reduce((a, b) => tf.add(a, b)) as tf.Scalar;
  });

describe('gradients through march, head and compositing', () => {
  it.each([
    [{}, 'nearest'],
    [{ layers: 1, densityActivation: 'softplus' }, 'trilinear'],
    [{ separateDensity: true, shareClassifier: true }, 'nearest'],
  ] as const)('agree with finite differences (%p, %s)', (overrides, interpolation) => {
    const scene = randomScene(createRandom(6), { interpolation, share: 0.4 });
    const { samples, features } = scene;
    const head = headFor(scene.channels, overrides, 3);
    const voxelLogits = tf.randomNormal(
      [features[0].shape[0], NUM_CLASSES],
      0,
      1,
      'float32',
      2,
    ) as tf.Tensor2D;
    // Nothing at zero, where ReLU has its kink and the shared classifier's own part starts.
    const noise = createRandom(5);
    for (const weight of Object.values(head.trainable)) {
      const values = weight.dataSync().map((v) => v + 0.1 * noise.normal());
      weight.assign(tf.tensor(values, weight.shape));
    }
    const names = Object.keys(head.trainable);
    const inputs = [...names.map((name) => head.trainable[name]), ...features, voxelLogits];
    const loss = (...x: tf.Tensor[]) => {
      const trainable = Object.fromEntries(names.map((name, n) => [name, x[n]]));
      return lossOf(
        { config: head.config, trainable: trainable as NerfHead['trainable'] },
        samples,
        x.slice(names.length, -1) as tf.Tensor2D[],
        x[x.length - 1] as tf.Tensor2D,
      );
    };
    const used = head.config.shareClassifier ? inputs : inputs.slice(0, -1);
    const grads = tf.grads((...x) => loss(...x, ...inputs.slice(x.length)))(used);
    const random = createRandom(9);
    // Along random directions: the whole gradient is checked, at the precision float32 allows.
    used.forEach((x, n) => {
      const normal = tf.tensor(
        Float32Array.from({ length: x.size }, () => random.normal()),
        x.shape,
      );
      // Partly random, partly uphill, so that the derivative is not lost among many that cancel.
      const uphill = tf.div(grads[n], tf.add(tf.norm(grads[n]), 1e-12));
      const direction = tf.add(tf.div(normal, tf.mul(2, tf.norm(normal))), uphill);
      const along = tf.sum(tf.mul(grads[n], direction)).dataSync()[0];
      const at = (h: number) =>
        loss(...inputs.map((y, m) => (m === n ? tf.add(y, tf.mul(direction, h)) : y))).dataSync()[0];
      const numeric = (at(1e-3) - at(-1e-3)) / 2e-3;
      expect(Math.abs(along - numeric)).toBeLessThan(0.01 * Math.abs(numeric) + 1e-3);
    });
  });

  it('stop at the features for density where asked, not in the head', () => {
    for (const separateDensity of [false, true]) {
      const { samples, features, channels } = randomScene(createRandom(7));
      const head = headFor(channels, { stopDensityGradient: true, separateDensity });
      const density = (f: tf.Tensor) =>
        tf.sum(evaluateNerfHead(head, [f as tf.Tensor2D, features[1]], samples).density) as tf.Scalar;
      const semantics = (f: tf.Tensor) =>
        tf.sum(evaluateNerfHead(head, [f as tf.Tensor2D, features[1]], samples).logits) as tf.Scalar;
      const size = (g: tf.Tensor) => tf.sum(tf.abs(g)).dataSync()[0];
      expect(size(tf.grad(density)(features[0]))).toBe(0);
      expect(size(tf.grad(semantics)(features[0]))).toBeGreaterThan(0);
      const { grads } = tf.variableGrads(() => density(features[0]));
      const trunk = head.trainable[separateDensity ? 'densityTrunk.level0' : 'trunk.level0'];
      expect(size(grads[trunk.name])).toBeGreaterThan(0);
      disposeNerfHead(head);
    }
  });

  it('are finite where the camera sees nothing', async () => {
    const { features, channels, samples } = randomScene(createRandom(8));
    const head = headFor(channels);
    const empty: RaySamples = {
      ...samples,
      ...plainSamples([[], [], []]),
      levels: samples.levels.map(({ corners }) => ({
        corners,
        indices: new Int32Array(0),
        weights: new Float32Array(0),
      })),
      levelRows: samples.levelRows,
      extraSize: samples.extraSize,
    };
    const plain = await toPixelSemantics(renderRays(head, features, empty, { render: 'probabilities' }));
    expect([...plain.opacity]).toEqual([0, 0, 0]);
    expect(plain.entropy[2]).toBeCloseTo(1, 5);
    const { value, grads } = tf.variableGrads(() => lossOf(head, empty, features, features[0]));
    expect(Number.isFinite(value.dataSync()[0])).toBe(true);
    for (const g of Object.values(grads)) expect(g?.dataSync().every((v) => v === 0) ?? true).toBe(true);
    disposeNerfHead(head);
  });
});

describe('memory', () => {
  it('keeps only what is returned', () => {
    const { features, channels, samples } = randomScene(createRandom(10));
    const before = tf.memory().numTensors;
    const head = headFor(channels, { separateDensity: true, stopDensityGradient: true });
    const teacher = copyNerfHead(head);
    const weights = Object.keys(head.trainable).length;
    expect(tf.memory().numTensors).toBe(before + 2 * weights);
    const rendered = renderRays(teacher, features, samples, { render: 'probabilities' });
    expect(tf.memory().numTensors).toBe(before + 2 * weights + 8);
    tf.dispose(rendered);
    const { value, grads } = tf.variableGrads(() => lossOf(head, samples, features, features[0]));
    tf.dispose([value, grads]);
    disposeNerfHead(head);
    disposeNerfHead(teacher);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('starts the same from the same seed', () => {
    const [a, b] = [headFor([3, 4]), headFor([3, 4])];
    for (const name of Object.keys(a.trainable))
      expect(b.trainable[name].arraySync()).toEqual(a.trainable[name].arraySync());
    expect(() => headFor([])).toThrow(RangeError);
  });
});
