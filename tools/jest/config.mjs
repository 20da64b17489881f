// Shared by every package's jest.config.mjs: tests run from the TypeScript sources, without a build.
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** @type {import('jest').Config} */
export default {
  testEnvironment: `${root}tools/jest/environment.cjs`,
  setupFiles: [`${root}tools/jest/setup.cjs`],
  testMatch: ['<rootDir>/src/**/*.test.ts'],
  extensionsToTreatAsEsm: [],
  transform: {
    '\\.(ts|mts|js|mjs)$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  // ES-module-only dependencies are compiled; everything else in node_modules is loaded as it is.
  transformIgnorePatterns: ['/node_modules/(?!.*(three|three-mesh-bvh|tinybench|ndarray-esm)/)'],
  moduleNameMapper: {
    '^webgpu$': `${root}tools/jest/webgpu.cjs`,
    '^@nerfseg/([a-z]+)$': `${root}packages/$1/src/index.ts`,
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  // Ends what hangs; tests do not judge speed, and a slow machine compiles the native engine within the first of them.
  testTimeout: 300_000,
};
