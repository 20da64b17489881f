import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { describeReal, real, runHere, temporaryFolder } from '../testing/run-command.test.helper.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

/** Checkpoints that PyTorch wrote: packages/backbone/testing. */
const checkpoint = (name: string): string =>
  join(__dirname, '../../../backbone/testing/fixtures', `${name}.pt`);

describe('nerfseg import', () => {
  it('says what it found and concluded', async () => {
    const out = join(folder, 'new', 'authors.safetensors');
    const { status, stdout, stderr } = await runHere('import', checkpoint('authors-spconv1'), '--out', out);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain('width 1, 20 classes');
    expect(stdout).toContain("cylinder3d's names, spconv1 layout; kernel maps 'released'");
    expect(stdout).toContain('for semantickitti on 480 x 360 x 32 cells');
    expect(readdirSync(join(folder, 'new'))).toEqual(['authors.safetensors']);
  });

  it('takes what is named, and tells programs', async () => {
    const out = join(folder, 'mm.safetensors');
    const { status, stdout, stderr } = await runHere(
      ...['import', checkpoint('mmdetection3d-spconv1'), '--out', out, '--json'],
      ...['--dataset', 'nuscenes', '--kernel-maps', 'paper', '--grid', '48x36x8'],
    );
    expect(status).toBe(0);
    expect(stderr).toContain('The ignored class, last in mmdetection3d, is now class 0.');
    expect(JSON.parse(stdout)).toMatchObject({
      file: out,
      dataset: 'nuscenes',
      naming: 'mmdetection3d',
      config: { kernelMaps: 'paper', pointWidths: [6, 8] },
      grid: { shape: [48, 36, 8], interval: 'released', z: [-5, 3] },
    });
  });

  it('refuses cells that no grid can have, and writes nothing', async () => {
    const out = join(folder, 'vast.safetensors');
    const { status, stderr } = await runHere(
      ...['import', checkpoint('authors-spconv1'), '--out', out, '--grid', '99999x99999x99'],
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/^nerfseg: nerfseg import: --grid: found .*2\^31.*\n$/);
    expect(existsSync(out)).toBe(false);
  });

  it('refuses what is no checkpoint in one line, and writes nothing', async () => {
    const file = join(folder, 'notes.pt');
    writeFileSync(file, 'not a checkpoint');
    const out = join(folder, 'none.safetensors');
    const { status, stdout, stderr } = await runHere('import', file, '--out', out);
    expect([status, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /^nerfseg: .*notes\.pt: format: found neither a zip archive nor a pickle, expected .*\n$/,
    );
    expect(existsSync(out)).toBe(false);
  });
});

describeReal('what was imported', () => {
  it('is scored by eval like any weights', async () => {
    const out = join(folder, 'kitti.safetensors');
    await runHere('import', checkpoint('authors-spconv1'), '--out', out, '--grid', '48x36x8');
    const { status, stdout } = await runHere(
      ...['eval', out, real('semantickitti'), '--frames', '0', '--engine', 'tfjs-wasm', '--json', '--quiet'],
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 1, perClass: expect.anything() });
  });
});
