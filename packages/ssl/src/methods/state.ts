import { copyNetwork, createCylinder3d, levelChannels } from '@nerfseg/backbone';
import { copyNerfHead, createNerfHead } from '@nerfseg/render';
import * as tf from '@tensorflow/tfjs-core';
import type { MakeState } from './method-state.js';

/** A NeRF head and its average. */
export const nerfHeads: MakeState = (config, settings, _student, random) => {
  const student = createNerfHead(
    {
      levelChannels: levelChannels(config).slice(0, settings.renderLevels === 'finest' ? 1 : undefined),
      numClasses: config.numClasses,
      hidden: settings.headWidth,
      // Without it the rendered losses would never reach the classifier that inference uses.
      shareClassifier: true,
      stopDensityGradient: settings.stopDensityGradient,
    },
    random.fork('head'),
  );
  return { heads: { student, averaged: copyNerfHead(student) } };
};

/** A second network of the same kind from other random numbers: two that agreed from the start would teach nothing. */
export const peerNetwork: MakeState = (config, _settings, _student, random) => ({
  peer: createCylinder3d(config, random.fork('peer')),
});

/** The network of a round of self-training; before the first round nothing is sure enough. */
export const labellerNetwork: MakeState = (config, _settings, student) => ({
  labeller: {
    network: copyNetwork(student),
    thresholds: tf.tidy(() => tf.variable(tf.ones([config.numClasses]), false)),
  },
});
