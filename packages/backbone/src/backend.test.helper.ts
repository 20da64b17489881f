// Chooses the backend of a test file, without tfjs advising on standard error to install another one.
import { beforeAll } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';

/** Call it at the top of a test file. */
export const onBackend = (name: 'cpu' | 'wasm'): void =>
  beforeAll(async () => {
    tf.env().set('IS_TEST', true);
    await tf.setBackend(name);
  });
