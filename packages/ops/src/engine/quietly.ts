import { env, scalar } from '@tensorflow/tfjs-core';

/**
 * Lets the current backend greet in silence: at its first tensor tfjs's cpu backend advises on the console to install
 * tfjs-node. tfjs has one public switch that mutes it, and it is put back.
 */
export const greetQuietly = (): void => {
  const before = env().getBool('IS_TEST');
  env().set('IS_TEST', true);
  try {
    scalar(0).dispose();
  } finally {
    env().set('IS_TEST', before);
  }
};
