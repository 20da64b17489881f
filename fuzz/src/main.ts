// `npm run fuzz [-- --cases N] [--from N] [--seed TEXT] [--json FILE]`
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isFailure, summarize } from './summary.js';
import { supervise } from './supervise.js';

const usage = `npm run fuzz [-- --cases N] [--from N] [--seed TEXT] [--json FILE]

  --cases N     how many (10000)
  --from N      the number of the first (0)
  --seed TEXT   others (nerfseg)
  --json FILE   writes a summary`;

const read = () => {
  try {
    return parseArgs({
      options: {
        cases: { type: 'string', default: '10000' },
        from: { type: 'string', default: '0' },
        seed: { type: 'string', default: 'nerfseg' },
        json: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
  } catch (problem) {
    console.error(`fuzz: ${(problem as Error).message}\n${usage}`);
    return process.exit(2);
  }
};
const { values } = read();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const { seed = '' } = values;
const [cases, from] = [Number(values.cases), Number(values.from)];
if (!(Number.isInteger(cases) && cases > 0 && Number.isInteger(from) && from >= 0)) {
  console.error(`fuzz: --cases ${values.cases} --from ${values.from}: expected whole numbers`);
  process.exit(2);
}
// Before the cases, which take minutes: a folder that cannot be made is told at once.
if (values.json) mkdirSync(path.dirname(values.json), { recursive: true });
const begin = performance.now();
let done = 0;
const results = await supervise({
  numbers: Array.from({ length: cases }, (_, i) => from + i),
  seed,
  worker: fileURLToPath(new URL('worker.js', import.meta.url)),
  onResult: (result) => {
    if (isFailure(result)) console.log(JSON.stringify(result));
    if (++done % 500 === 0) console.log(`${done} of ${cases}`);
  },
});
const summary = summarize(results, seed, (performance.now() - begin) / 1000);
if (values.json) writeFileSync(values.json, `${JSON.stringify(summary, undefined, 2)}\n`);
console.log(
  `${summary.cases} cases: ${summary.errors} tagged errors, ${summary.sound} sound results, ` +
    `${summary.failures.length} failures; ${summary.seconds} s, the slowest case ${summary.slowest.milliseconds} ms`,
);
process.exit(summary.failures.length > 0 ? 1 : 0);
