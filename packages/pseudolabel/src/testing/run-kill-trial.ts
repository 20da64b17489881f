// The kill trial at full size: node packages/pseudolabel/dist/testing/run-kill-trial.js [kills] [result.json]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killTrial } from './kill-trial.js';

const [kills = '200', output] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'nerfseg-kill-'));
try {
  const result = await killTrial({
    folder,
    writer: fileURLToPath(new URL('kill-writer.js', import.meta.url)),
    kills: Number(kills),
    // Enough that the writers are not through before the last kill: while one starts anew the other goes on.
    pictures: 12 * Number(kills),
    seed: 1,
    work: 100,
  });
  const text = `${JSON.stringify(result, undefined, 2)}\n`;
  process.stdout.write(text);
  if (output !== undefined) writeFileSync(output, text);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
