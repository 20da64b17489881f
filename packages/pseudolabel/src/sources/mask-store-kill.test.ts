import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { killTrial } from '../testing/kill-trial.js';

it('two writers that are killed at random moments lose nothing, spoil nothing, compute nothing twice', async () => {
  const writer = path.join(__dirname, '../../dist/testing/kill-writer.js');
  if (!existsSync(writer)) throw new Error(`${writer}: build the package first (npx tsc -b)`);
  const folder = await mkdtemp(path.join(tmpdir(), 'nerfseg-kill-'));
  try {
    const result = await killTrial({ folder, writer, kills: 8, pictures: 40, seed: 1, work: 20 });
    expect(result).toMatchObject({
      pictures: 40,
      lost: 0,
      corrupt: 0,
      computedTwice: 0,
      missing: 0,
      errors: 0,
      leftAfterTidy: 0,
    });
    expect(result.kills).toBeGreaterThan(0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
