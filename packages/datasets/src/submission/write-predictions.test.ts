import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { failure, get, scratch } from '../testing/scene.test.helper.js';
import {
  writeNuScenesPrediction,
  writeNuScenesSubmission,
  writeSemanticKittiPrediction,
} from './write-predictions.js';

describe('submissions', () => {
  it('SemanticKITTI: raw ids, uint32', async () => {
    const folder = await scratch();
    const path = await get(
      writeSemanticKittiPrediction(folder, { id: '11/000042' }, Uint8Array.of(1, 9, 19, 0)),
    );
    expect(path).toBe(join(folder, 'sequences/11/predictions/000042.label'));
    const bytes = await readFile(path);
    expect([0, 4, 8, 12].map((at) => bytes.readUInt32LE(at))).toEqual([10, 40, 81, 0]);
    expect(
      await failure(writeSemanticKittiPrediction(folder, { id: 'token' }, Uint8Array.of(1))),
    ).toMatchObject({
      code: 'mismatch',
    });
  });

  it('nuScenes: uint8 1 to 16, and what the method uses', async () => {
    const folder = await scratch();
    const frame = { id: 's', lidarToken: 'abc' };
    const path = await get(writeNuScenesPrediction(folder, 'test', frame, Uint8Array.of(1, 16, 7)));
    expect(path).toBe(join(folder, 'lidarseg/test/abc_lidarseg.bin'));
    expect([...(await readFile(path))]).toEqual([1, 16, 7]);
    for (const bad of [0, 17])
      expect(
        await failure(writeNuScenesPrediction(folder, 'test', frame, Uint8Array.of(1, bad))),
      ).toMatchObject({ code: 'out-of-range', field: 'prediction of point 1', found: String(bad) });
    expect(
      await failure(writeNuScenesPrediction(folder, 'test', { id: 's' }, Uint8Array.of(1))),
    ).toMatchObject({
      code: 'mismatch',
    });
    const submission = await get(writeNuScenesSubmission(folder, 'test', { use_external: true }));
    expect(submission).toBe(join(folder, 'test/submission.json'));
    expect(JSON.parse(await readFile(submission, 'utf8'))).toEqual({
      meta: { use_camera: false, use_lidar: true, use_radar: false, use_map: false, use_external: true },
    });
  });
});
