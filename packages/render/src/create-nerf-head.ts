import type { Random } from '@nerfseg/geometry';
import { tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { extraSize } from './extra-size.js';
import type { NerfHead, NerfHeadConfig } from './nerf-head.js';

/**
 * A multilayer perceptron from voxel features to density and class logits at a sample.
 *
 * Its first layer is linear in the levels' features, so it is applied to voxels, which are few, and its result is
 * interpolated to samples, which are many: `interpolate(x) W = interpolate(x W)`. With five levels of a width-16
 * Cylinder3D, 8,000 voxels and 130,000 samples that saves nine tenths of the arithmetic and three quarters of the
 * memory against interpolating first and concatenating.
 *
 * Weights start He-normal (He et al. 2015), output layers a tenth of that, the density bias at `initialDensity`.
 */
export const createNerfHead = (config: NerfHeadConfig, random: Random): NerfHead => {
  const full: Required<NerfHeadConfig> = {
    hidden: 64,
    layers: 2,
    densityActivation: 'exp',
    initialDensity: 0.1,
    shareClassifier: false,
    separateDensity: false,
    stopDensityGradient: false,
    ...config,
  };
  const { levelChannels, numClasses, hidden, layers, initialDensity } = full;
  if (!(numClasses >= 2 && hidden >= 1 && layers >= 1 && levelChannels.length >= 1 && initialDensity > 0))
    throw new RangeError('NeRF head: it needs a level, a hidden layer, two classes and a positive density');
  const trainable: Record<string, Variable> = {};
  const weights = (name: string, shape: number[], scale: number): void => {
    const stream = random.fork(name);
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
      scale === 0 ? 0 : stream.normal() * scale,
    );
    trainable[name] = tidy(() => variable(tensor(values, shape)));
  };
  const inputs = levelChannels.reduce((a, b) => a + b, 0) + extraSize(levelChannels.length);
  for (const trunk of full.separateDensity ? ['trunk', 'densityTrunk'] : ['trunk']) {
    const first = Math.sqrt(2 / inputs);
    levelChannels.forEach((channels, l) => {
      weights(`${trunk}.level${l}`, [channels, hidden], first);
    });
    weights(`${trunk}.extras`, [extraSize(levelChannels.length), hidden], first);
    weights(`${trunk}.bias`, [hidden], 0);
    for (let n = 1; n < layers; n++) {
      weights(`${trunk}.layer${n}.weight`, [hidden, hidden], Math.sqrt(2 / hidden));
      weights(`${trunk}.layer${n}.bias`, [hidden], 0);
    }
  }
  const out = 0.1 * Math.sqrt(2 / hidden);
  weights('density.weight', [hidden, 1], out);
  weights('classes.weight', [hidden, numClasses], full.shareClassifier ? 0 : out);
  weights('classes.bias', [numClasses], 0);
  const bias =
    full.densityActivation === 'exp' ? Math.log(initialDensity) : Math.log(Math.expm1(initialDensity));
  trainable['density.bias'] = tidy(() => variable(tensor([bias], [1])));
  return { config: full, trainable };
};
