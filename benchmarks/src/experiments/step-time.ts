/**
 * Where the time of training steps goes: by phase, as the trainer itself tells, and in kernels against everything
 * else. Real SemanticKITTI frames at 240x180x20, C=16, unless told otherwise:
 *
 *     node benchmarks/dist/experiments/step-time.js --root DATA --steps 12
 */
import { parseArgs } from 'node:util';
import { cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import { openDataset } from '@nerfseg/datasets';
import { createRandom, cylindricalGrid, formatError } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import { type LossRecord, train, trainSettings } from '@nerfseg/ssl';
import * as tf from '@tensorflow/tfjs-core';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    steps: { type: 'string', default: '12' },
    width: { type: 'string', default: '16' },
    grid: { type: 'string', default: '240x180x20' },
    frames: { type: 'string', default: '3' },
    inline: { type: 'boolean', default: false },
  } as const,
});
if (values.root === undefined) throw new Error('--root: the folder of a SemanticKITTI data set');

const chosen = await selectEngine();
if (chosen._tag === 'Left') throw new Error(JSON.stringify(chosen.left));

/** Seconds inside kernels; one that calls others counts once. */
let inKernels = 0;
let depth = 0;
const backend = tf.getBackend();
for (const config of tf.getKernelsForBackend(backend)) {
  tf.unregisterKernel(config.kernelName, backend);
  tf.registerKernel({
    ...config,
    kernelFunc: (parameters) => {
      const start = performance.now();
      depth += 1;
      try {
        return config.kernelFunc(parameters);
      } finally {
        depth -= 1;
        if (depth === 0) inKernels += (performance.now() - start) / 1000;
      }
    },
  });
}

const description = { format: 'semantickitti', root: values.root } as const;
const opened = await openDataset(description)();
if (opened._tag === 'Left') throw new Error(formatError(opened.left));
const dataset = opened.right;
const [rho, phi, z] = String(values.grid).split('x').map(Number);
const steps = Number(values.steps);
const warmup = Math.min(3, steps - 1);
const records: LossRecord[] = [];
let kernelsBefore = 0;
let start = 0;
let end = 0;
let kernels = 0;
const trained = await train({
  dataset,
  labelled: Array.from({ length: Math.min(Number(values.frames), dataset.length) }, (_, i) => i),
  unlabelled: [],
  grid: cylindricalGrid('semantickitti', { shape: [rho!, phi!, z!], wrapAzimuth: true }),
  network: cylinder3dConfig({ numClasses: dataset.labelSpace.names.length, width: Number(values.width) }),
  settings: trainSettings.parse({ steps, method: 'supervised' }),
  random: createRandom('step time'),
  ...(values.inline ? {} : { readAhead: { description, workers: 1 } }),
  onProgress: (record) => {
    if (record.step === warmup) {
      start = performance.now();
      kernelsBefore = inKernels;
    } else if (record.step > warmup) records.push(record);
    end = performance.now();
    kernels = inKernels - kernelsBefore;
  },
})();
if (trained._tag === 'Left') throw new Error(formatError(trained.left));
disposeNetwork(trained.right.network);

const count = records.length;
const perStep = (end - start) / 1000 / count;
const phases: Record<string, number> = {};
for (const { seconds } of records)
  for (const [phase, value] of Object.entries(seconds)) phases[phase] = (phases[phase] ?? 0) + value / count;
const rounded = (value: number): number => Math.round(value * 1e4) / 1e4;
process.stdout.write(
  `${JSON.stringify({
    engine: chosen.right.name,
    threads: chosen.right.threads,
    grid: values.grid,
    width: Number(values.width),
    reading: values.inline ? 'on the main thread' : 'ahead, in 1 thread',
    steps: count,
    secondsPerStep: rounded(perStep),
    byPhase: Object.fromEntries(Object.entries(phases).map(([phase, value]) => [phase, rounded(value)])),
    kernelShare: rounded(kernels / count / perStep),
    overheadShare: rounded(1 - kernels / count / perStep),
  })}\n`,
);
