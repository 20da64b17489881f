import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createCylinder3d, cylinder3dConfig, disposeNetwork } from '@nerfseg/backbone';
import { writeNuScenes } from '@nerfseg/datasets';
import { createRandom, cylindricalGrid, identityPose } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import { runHere, temporaryFolder } from '../testing/run-command.test.helper.js';
import { saveRunWeights } from '../training/weights-file.js';

const { folder, remove } = temporaryFolder();
const root = join(folder, 'mini');
const weights = join(folder, 'weights.safetensors');
const engine = process.env.NERFSEG_ENGINE;

/** A frame of a scene of v1.0-mini's own validation split, and a network that knows nothing. */
beforeAll(async () => {
  process.env.NERFSEG_ENGINE = 'tfjs-wasm';
  const points = {
    positions: Float32Array.from({ length: 300 }, (_, i) => (i % 3 === 2 ? -1 : 3 + (i % 17))),
    intensity: new Float32Array(100),
  };
  const frame = { timestamp: 0, points, labels: new Uint8Array(100).fill(11), globalFromEgo: identityPose() };
  const scene = { name: 'scene-0103', egoFromLidar: identityPose(), frames: [{ ...frame, cameras: [] }] };
  expect(await writeNuScenes(root, [scene])()).toMatchObject({ _tag: 'Right' });
  await selectEngine();
  const config = cylinder3dConfig({ numClasses: 17, width: 1, pointWidths: [4], voxelInputChannels: 2 });
  const network = createCylinder3d(config, createRandom(1));
  const grid = cylindricalGrid('nuscenes', { shape: [24, 36, 8] });
  expect(await saveRunWeights(weights, network, grid)()).toMatchObject({ _tag: 'Right' });
  disposeNetwork(network);
});
afterAll(() => {
  if (engine === undefined) delete process.env.NERFSEG_ENGINE;
  else process.env.NERFSEG_ENGINE = engine;
  remove();
});

const evaluate = (...more: string[]) => runHere('eval', weights, root, '--json', '--quiet', ...more);

describe('nerfseg eval', () => {
  it("names v1.0-mini's set in a submission as the benchmark does", async () => {
    const predictions = join(folder, 'scored');
    const { status, stdout } = await evaluate('--predictions', predictions);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ frames: 1, points: 100 });
    expect(readdirSync(predictions).sort()).toEqual(['lidarseg', 'mini_val']);
    expect(readdirSync(join(predictions, 'lidarseg'))).toEqual(['mini_val']);
    const scored = await runHere('score', predictions, root, '--json', '--quiet');
    expect(JSON.parse(scored.stdout)).toMatchObject({ frames: 1, points: 100 });
  });

  it('predicts without scores, and tells programs', async () => {
    const predictions = join(folder, 'predicted');
    const { status, stdout } = await evaluate('--predictions', predictions, '--no-scores', '--tta', '2');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      dataset: 'nuScenes v1.0-mini mini_val',
      frames: 1,
      views: 2,
      predictions,
    });
    expect(readdirSync(join(predictions, 'lidarseg', 'mini_val'))).toHaveLength(1);
  });
});
