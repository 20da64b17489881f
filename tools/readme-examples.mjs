// Every ```ts block of every package's README is type-checked and run by Node from inside that package's folder, where
// only the package itself (by its own name) and its declared dependencies resolve: the example works for someone who
// installed this one package.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { binary, root, workspaceFolders } from './setup.mjs';

const blocksOf = (markdown) => [...markdown.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map((match) => match[1]);

const tsconfig = {
  extends: '../../../tsconfig.base.json',
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    sourceMap: false,
    inlineSources: false,
    outDir: 'out',
    rootDir: '.',
    noUnusedLocals: false,
  },
  include: ['*.ts'],
};

/** Runs them, `only` some packages when given; returns how many passed and failed. */
export function runReadmeExamples(only = []) {
  const totals = { passed: 0, failed: 0 };
  for (const folder of workspaceFolders().filter((f) => f.startsWith('packages/'))) {
    if (only.length > 0 && !only.includes(path.basename(folder))) continue;
    const readme = path.join(root, folder, 'README.md');
    const blocks = existsSync(readme) ? blocksOf(readFileSync(readme, 'utf8')) : [];
    if (blocks.length === 0) continue;
    const work = path.join(root, folder, '.readme-examples');
    rmSync(work, { recursive: true, force: true });
    mkdirSync(work, { recursive: true });
    writeFileSync(path.join(work, 'tsconfig.json'), JSON.stringify(tsconfig));
    for (const [i, block] of blocks.entries())
      writeFileSync(path.join(work, `example-${i + 1}.ts`), `${block}\nexport {};\n`);
    const check = spawnSync(binary('tsc'), ['-p', work], {
      encoding: 'utf8',
      shell: process.platform === 'win32',
    });
    blocks.forEach((_, i) => {
      const name = `${folder}/README.md example ${i + 1}`;
      const run =
        check.status === 0
          ? spawnSync(process.execPath, [path.join(work, 'out', `example-${i + 1}.js`)], {
              cwd: work,
              encoding: 'utf8',
              timeout: 120_000,
            })
          : { status: 1, stdout: '', stderr: check.stdout };
      const ok = run.status === 0 && run.stdout.trim() !== '';
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}`);
      if (!ok) console.error(run.stderr || run.stdout || 'it printed nothing');
      totals[ok ? 'passed' : 'failed'] += 1;
    });
    rmSync(work, { recursive: true, force: true });
  }
  return totals;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { failed } = runReadmeExamples(process.argv.slice(2));
  process.exitCode = failed === 0 ? 0 : 1;
}
