// `npm run bench [-- SUITE ...] [--quick] [--json FILE]`: runs the suites and prints a table each.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { type BenchRow, benchContext, type Suite } from './harness.js';

const suites: Readonly<Record<string, () => Promise<{ suite: Suite }>>> = {
  geometry: () => import('./geometry.js'),
  datasets: () => import('./datasets.js'),
  sim: () => import('./sim.js'),
  ops: () => import('./ops.js'),
  'ops-portable': () => import('./ops-portable.js'),
  backbone: () => import('./backbone.js'),
  render: () => import('./render.js'),
  pseudolabel: () => import('./pseudolabel.js'),
  ssl: () => import('./ssl.js'),
  'training-memory': () => import('./training-memory.js'),
};

const cell = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : value.toFixed(digits);

function printTable(title: string, rows: readonly BenchRow[]): void {
  const header = ['', 'ours ms', 'peer ms', 'ratio', 'GFLOP/s', 'ceiling', ''];
  const lines = rows.map((row) => [
    row.name,
    cell(row.ours, 2),
    cell(row.peer, 2),
    cell(row.ratio, 2),
    cell(row.gflops, 1),
    cell(row.ceiling, 1),
    [row.peerName, row.note].filter(Boolean).join('; '),
  ]);
  const widths = header.map((text, i) => Math.max(text.length, ...lines.map((line) => line[i]!.length)));
  console.log(`\n${title}`);
  for (const line of [header, ...lines])
    console.log(
      line
        .map((text, i) => (i === 0 || i === 6 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    );
}

const usage = `npm run bench [-- SUITE ...] [--quick] [--json FILE]

  SUITE         some of ${Object.keys(suites).join(', ')}; left out, all
  --quick       fewer repeats, smaller sizes
  --json FILE   writes all rows`;

const read = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'string' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (problem) {
    console.error(`bench: ${(problem as Error).message}\n${usage}`);
    return process.exit(2);
  }
};
const { values, positionals } = read();
if (values.help) {
  console.log(usage);
  process.exit(0);
}
const unknown = positionals.filter((name) => !Object.hasOwn(suites, name));
if (unknown.length > 0) {
  console.error(`bench: no suite '${unknown.join("', '")}'; there are: ${Object.keys(suites).join(', ')}`);
  process.exit(2);
}
// Before the measuring, which takes minutes: a folder that cannot be made is told at once.
if (values.json !== undefined) mkdirSync(dirname(values.json), { recursive: true });
const context = benchContext(values.quick ?? false);
if (!context.realData)
  console.log('bench: no real data found (NERFSEG_REAL_DATA); suites use simulated scans.');
const results: Record<string, BenchRow[]> = {};
for (const name of positionals.length > 0 ? positionals : Object.keys(suites)) {
  const { suite } = await suites[name]!();
  results[name] = await suite(context);
  printTable(name, results[name]);
}
if (values.json !== undefined) {
  const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
  const text = JSON.stringify({ machine, suites: results }, null, 2);
  writeFileSync(`${values.json}.part`, `${text}\n`);
  renameSync(`${values.json}.part`, values.json);
}
