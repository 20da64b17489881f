import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { createRandom } from '@nerfseg/geometry';
import { selectEngine } from '@nerfseg/ops';
import { createNerfHead, disposeNerfHead } from '@nerfseg/render';
import { trainSettings } from '@nerfseg/ssl';
import { isLeft } from 'fp-ts/lib/Either.js';
import { isSome } from 'fp-ts/lib/Option.js';
import { temporaryFolder } from '../testing/run-command.test.helper.js';
import { openRunHead, saveRunHead } from './head-file.js';
import { bestWeightsFile, weightsFile } from './weights-file.js';

const { folder, remove } = temporaryFolder();
afterAll(remove);

it("a run's head goes with its last weights, not with its best, which are of another step", async () => {
  await selectEngine('tfjs-cpu');
  const head = createNerfHead({ levelChannels: [3], numClasses: 3 }, createRandom(1));
  expect(await saveRunHead(folder, head, trainSettings.parse({ method: 'nerf' }))()).toMatchObject({
    _tag: 'Right',
  });
  disposeNerfHead(head);
  for (const file of [weightsFile(folder), bestWeightsFile(folder)]) writeFileSync(file, 'weights');
  const hasHead = async (run: string): Promise<boolean> => {
    const found = await openRunHead(run)();
    if (isLeft(found)) throw new Error(JSON.stringify(found.left));
    if (isSome(found.right)) disposeNerfHead(found.right.value.head);
    return isSome(found.right);
  };
  expect(await hasHead(folder)).toBe(true);
  expect(await hasHead(weightsFile(folder))).toBe(true);
  expect(await hasHead(bestWeightsFile(folder))).toBe(false);
  expect(await hasHead(join(folder, 'none'))).toBe(false);
});
