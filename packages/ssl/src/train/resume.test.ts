import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCpuEngine } from '../testing/cpu-engine.js';

import { optionsOf, stopAfter, weightsAfter } from '../testing/tiny-runs.js';

const root = mkdtempSync(path.join(tmpdir(), 'nerfseg-resume-'));
beforeAll(async () => {
  await startCpuEngine();
});
afterAll(() => rmSync(root, { recursive: true }));

describe('optimisation settings', () => {
  it.each([
    { optimizer: 'sgd', nesterov: true, schedule: 'poly', warmup: 0.2 },
    { accumulate: 2, schedule: 'cosine' },
  ])('%j: stops and resumes to the same weights', async (settings) => {
    const whole = await weightsAfter(optionsOf({ ...settings, steps: 4 }));
    const runFolder = path.join(root, JSON.stringify(settings).replace(/\W+/g, '-'));
    const options = optionsOf({ ...settings, steps: 4 }, { runFolder });
    await stopAfter(2, options);
    expect((await weightsAfter(options)).weights).toEqual(whole.weights);
    expect(whole.history.every(({ losses }) => losses.gradientNorm! > 0)).toBe(true);
    if ('accumulate' in settings) expect(whole.history[0]!.frames).toHaveLength(2);
  });
});
