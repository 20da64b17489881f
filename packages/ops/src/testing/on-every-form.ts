import { beforeAll, describe } from '@jest/globals';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { setBackend } from '@tensorflow/tfjs-core';
import { withPortableKernels } from '../dispatch.js';

import { greetQuietly } from '../engine/quietly.js';

/** Runs a computation in one of the forms that an op has. */
export type RunForm = <T>(compute: () => T) => T;

/** The same tests for the host kernels and for the composed form, on the cpu and on the wasm backend. */
export const onEveryForm = (name: string, tests: (run: RunForm) => void): void => {
  for (const backendName of ['cpu', 'wasm']) {
    for (const form of ['host', 'composed']) {
      describe(`${name}, ${form} on ${backendName}`, () => {
        beforeAll(async () => {
          await setBackend(backendName);
          greetQuietly();
        });
        tests(form === 'host' ? (compute) => compute() : withPortableKernels);
      });
    }
  }
};
