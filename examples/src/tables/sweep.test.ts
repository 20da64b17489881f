import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

it("the GPU archive's sweep leaves its own results, and no tables of another machine", () => {
  const stage = mkdtempSync(join(tmpdir(), 'nerfseg-sweep-'));
  try {
    copyFileSync(join(__dirname, '../../../tools/gpu-archive/files/sweep'), join(stage, 'sweep'));
    mkdirSync(join(stage, 'app/examples'), { recursive: true });
    writeFileSync(join(stage, 'app/examples/README.md'), 'tables of where the archive was made');
    mkdirSync(join(stage, 'lib'));
    writeFileSync(join(stage, 'lib/environment.sh'), 'node=$here/lib/node\nresults=$here/results\n');
    // Stands for a study: leaves one result, and ends as an interrupted one does.
    writeFileSync(join(stage, 'lib/node'), '#!/bin/sh\n: >"$7/one.json"\nexit 130\n', { mode: 0o755 });
    const { status, stderr } = spawnSync('sh', [join(stage, 'sweep'), '--seeds', '0'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([130, '']);
    expect(readdirSync(join(stage, 'results/sweep'))).toEqual(['one.json']);
  } finally {
    rmSync(stage, { recursive: true });
  }
});
