import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { cylinder3dConfig } from '@nerfseg/backbone';
import { cylindricalGrid } from '@nerfseg/geometry';
import { trainSettings } from '@nerfseg/ssl';
import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { parse, stringify } from 'yaml';
import { temporaryFolder } from '../testing/run-command.test.helper.js';
import { configOf, planRun } from '../training/run-plan.js';
import { editDistance, nearestName } from './nearest-name.js';
import { type ConfigFlags, resolveConfig } from './resolve-config.js';
import { runConfig } from './run-config.js';
import { settingNames, settingsOf } from './setting-names.js';
import { settingsPage } from './settings-table.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

const write = (name: string, text: string): string => {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  return file;
};
const resolved = async (flags: ConfigFlags) => {
  const found = await resolveConfig(flags);
  if (isLeft(found)) throw new Error(JSON.stringify(found.left));
  return found.right;
};
const problem = async (flags: ConfigFlags) => {
  const found = await resolveConfig(flags);
  if (isRight(found)) throw new Error('no error');
  return found.left;
};

describe('configuration files', () => {
  it('without any, everything is as by default', async () => {
    expect(await resolved({})).toEqual(runConfig.parse({}));
    expect((await resolved({})).training).toEqual(trainSettings.parse({}));
  });

  it('extend others, theirs others in turn; groups are joined, lists replaced; the command line comes over all', async () => {
    write(
      'base.yaml',
      'seed: 1\nnetwork: { width: 8, pointWidths: [8, 16] }\ntraining:\n  steps: 10\n  lidarRays: 7\n',
    );
    write('sub/middle.yaml', 'extends: ../base.yaml\ntraining:\n  steps: 20\nnetwork:\n');
    write('extra.yaml', 'masks: { pointsPerSide: 4 }\n');
    const config = write(
      'run.yaml',
      'extends: [sub/middle.yaml, extra.yaml]\nnetwork: { pointWidths: [4] }\ntraining: { steps: 30, learningRate: 0.5 }\n',
    );
    expect(await resolved({ config })).toMatchObject({
      seed: 1,
      network: { width: 8, pointWidths: [4] },
      training: { steps: 30, lidarRays: 7, learningRate: 0.5 },
      masks: { pointsPerSide: 4 },
    });
    const over = { config, steps: 50, set: [['training.learningRate', 0.1] as const, ['seed', 3] as const] };
    expect(await resolved(over)).toMatchObject({ seed: 3, training: { steps: 50, learningRate: 0.1 } });
  });

  it('may be JSON', async () => {
    const config = write('run.json', JSON.stringify({ seed: 4, training: { steps: 5 } }));
    expect(await resolved({ config })).toMatchObject({ seed: 4, training: { steps: 5 } });
  });

  it('an error names the file and line where the value was said, or the option', async () => {
    write('wrong-base.yaml', 'training:\n  # so many\n  steps: -5\n');
    const inherited = await problem({ config: write('heir.yaml', 'extends: wrong-base.yaml\nseed: 1\n') });
    expect(inherited).toMatchObject({
      source: expect.stringMatching(/wrong-base\.yaml:3$/),
      field: 'training.steps',
      found: '-5',
    });
    const config = write('typo.yaml', 'seed: 1\n\ntraining:\n  learningrate: 1\n');
    expect(await problem({ config })).toMatchObject({
      source: expect.stringMatching(/typo\.yaml:4$/),
      field: 'training.learningrate',
      hint: 'Did you mean training.learningRate?',
    });
    expect(await problem({ set: [['training.stepps', 3]] })).toMatchObject({
      source: '--set training.stepps',
      hint: 'Did you mean training.steps?',
    });
    expect(await problem({ set: [['training.augment', 'maybe']] })).toMatchObject({
      source: '--set training.augment',
      field: 'training.augment',
    });
    expect(await problem({ grid: [0, 1, 1] })).toMatchObject({ source: '--grid' });
  });

  it('a circle, a missing base, no YAML, no record: refused', async () => {
    const a = write('a.yaml', 'extends: b.yaml\n');
    write('b.yaml', 'extends: a.yaml\n');
    expect(await problem({ config: a })).toMatchObject({
      field: 'extends',
      found: expect.stringMatching(/a circle: a\.yaml -> b\.yaml -> a\.yaml/),
    });
    expect(await problem({ config: write('orphan.yaml', 'extends: gone.yaml\n') })).toMatchObject({
      code: 'missing-file',
      source: expect.stringMatching(/gone\.yaml/),
    });
    expect(await problem({ config: write('cut.yaml', 'seed: 1\ntraining: {\n') })).toMatchObject({
      code: 'malformed',
      source: expect.stringMatching(/cut\.yaml:\d/),
    });
    expect(await problem({ config: write('list.yaml', '- 1\n') })).toMatchObject({ code: 'malformed' });
    expect(await problem({ config: write('number.yaml', 'extends: 3\n') })).toMatchObject({
      field: 'extends',
    });
  });

  it('keeps where weights lie, wherever the run goes on', async () => {
    const config = write('weights.yaml', 'masks: { weights: { encoder: e.onnx, decoder: /d.onnx } }\n');
    const weights = { encoder: resolve('e.onnx'), decoder: resolve('/d.onnx') };
    expect((await resolved({ config })).masks).toMatchObject({ weights });
  });

  it('the resolved configuration, kept with a run, is the same run again', async () => {
    const config = runConfig.parse({ seed: 2, network: { width: 4 }, grid: { shape: [24, 24, 8] } });
    const plan = planRun('semantickitti', 20, config);
    if (isLeft(plan)) throw new Error('no plan');
    expect(plan.right.network).toEqual(cylinder3dConfig({ numClasses: 20, width: 4 }));
    expect(plan.right.grid).toEqual(cylindricalGrid('semantickitti', { shape: [24, 24, 8] }));
    const kept: unknown = parse(stringify(configOf(plan.right)));
    expect(planRun('semantickitti', 20, runConfig.parse(kept))).toEqual(plan);
  });
});

describe('names', () => {
  it('edit distance: against the recursion', () => {
    const naive = (a: string, b: string): number =>
      a === '' || b === ''
        ? a.length + b.length
        : Math.min(
            naive(a.slice(1), b) + 1,
            naive(a, b.slice(1)) + 1,
            naive(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
          );
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 5 });
    fc.assert(
      fc.property(word, word, (a, b) => editDistance(a, b) === naive(a, b)),
      { seed: 1 },
    );
  });

  it('every setting is found from one letter less, and nothing from nonsense', () => {
    const names = settingNames(runConfig);
    for (const name of names)
      if (name.length - name.lastIndexOf('.') > 3) expect(nearestName(name.slice(0, -1), names)).toBe(name);
    expect(nearestName('training.qqqqqqqq', names)).toBeUndefined();
    expect(nearestName('pointsPerSide', names)).toBe('masks.pointsPerSide');
  });
});

describe('CONFIGURATION.md', () => {
  it('documents every setting, as the schema has it', () => {
    for (const { name, what } of settingsOf(runConfig)) expect([name, what]).not.toEqual([name, '']);
    const file = join(__dirname, '../../CONFIGURATION.md');
    // NERFSEG_WRITE_DOCS=1 writes the page anew.
    if (process.env.NERFSEG_WRITE_DOCS) writeFileSync(file, settingsPage());
    expect(readFileSync(file, 'utf8')).toBe(settingsPage());
  });

  it('comes with the package, whose help names it', () => {
    const { files } = JSON.parse(readFileSync(join(__dirname, '../../package.json'), 'utf8')) as {
      files: string[];
    };
    expect(files).toContain('CONFIGURATION.md');
  });
});
