import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as E from 'fp-ts/lib/Either.js';
import { nativeBinary } from './build.js';
import { buildKey, nativeFolder, translationUnits } from './sources.js';

const withEnvironment = async <T>(values: Record<string, string>, run: () => Promise<T>): Promise<T> => {
  const before = { ...process.env };
  Object.assign(process.env, values);
  try {
    return await run();
  } finally {
    for (const name of Object.keys(values)) delete process.env[name];
    Object.assign(process.env, before);
  }
};

describe('nativeBinary', () => {
  it('says in one line that there is no compiler', async () => {
    const found = await withEnvironment({ PATH: '', CXX: '' }, nativeBinary);
    if (existsSync(join(nativeFolder, 'prebuilds'))) return;
    expect(found).toMatchObject({ _tag: 'Left', left: expect.stringMatching(/^[^\n]*compiler[^\n]*$/) });
  });

  it('finds what was built before, and leaves nothing behind', async () => {
    const first = await nativeBinary();
    const second = await nativeBinary();
    if (E.isLeft(first) || E.isLeft(second)) return;
    expect(second.right.file).toBe(first.right.file);
    expect(['cached', 'prebuilt']).toContain(second.right.how);
    const folder = join(nativeFolder, 'build');
    const own = existsSync(folder)
      ? readdirSync(folder).filter((name) => name.endsWith(`-${process.pid}`))
      : [];
    expect(own).toEqual([]);
  });

  it('says what the compiler complained about', async () => {
    const script = `console.log('broken 1.0'); process.exit(process.argv[2] === '--version' ? 0 : 1)`;
    if (process.platform === 'win32') return;
    const folder = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
    const broken = join(folder, 'broken-compiler');
    execFileSync('sh', [
      '-c',
      `printf '#!/usr/bin/env node\\n%s\\n' "$1" > "$2" && chmod +x "$2"`,
      'sh',
      script,
      broken,
    ]);
    const found = await withEnvironment({ CXX: broken }, nativeBinary);
    expect(found).toMatchObject({ _tag: 'Left', left: expect.stringContaining('could not build') });
    execFileSync('rm', ['-r', folder]);
  });

  it('builds anew what is damaged or gone, and waits for no builder that has died', async () => {
    if (process.platform === 'win32' || existsSync(join(nativeFolder, 'prebuilds'))) return;
    const folder = mkdtempSync(join(tmpdir(), 'nerfseg-build-'));
    const compiler = join(folder, 'compiler');
    const log = join(folder, 'log');
    const script = `#!/usr/bin/env node
const [first, ...rest] = process.argv.slice(2);
if (first === '--version') console.log('a compiler of this test ${folder}');
else {
  const out = rest[rest.indexOf('-o') + 1];
  require('fs').writeFileSync(out, 'built ' + out);
  if (out.endsWith('.node')) require('fs').appendFileSync(${JSON.stringify(log)}, 'x');
}
`;
    writeFileSync(compiler, script, { mode: 0o755 });
    const find = () => withEnvironment({ CXX: compiler, XDG_CACHE_HOME: folder }, nativeBinary);
    const first = await find();
    if (E.isLeft(first)) throw new Error(first.left);
    const { file } = first.right;
    const built = dirname(file);
    try {
      expect(first.right.how).toBe('compiled');
      expect(await find()).toEqual(E.right({ file, how: 'cached' }));
      const whole = readFileSync(file, 'utf8');
      for (const damage of [
        () => writeFileSync(file, whole.slice(0, 3)),
        () => rmSync(file),
        () => {
          rmSync(built, { recursive: true });
          mkdirSync(`${built}.lock`);
          // No process has such a number.
          writeFileSync(join(`${built}.lock`, 'builder'), `${hostname()}\n999999999`);
          mkdirSync(`${built}.build-${hostname()}-999999999`);
        },
        () => {
          rmSync(built, { recursive: true });
          // Its builder died before it put its name down.
          mkdirSync(`${built}.lock`);
          utimesSync(`${built}.lock`, 0, 0);
        },
      ]) {
        damage();
        expect(await find()).toEqual(E.right({ file, how: 'compiled' }));
        expect(existsSync(file)).toBe(true);
      }
      expect(readFileSync(log, 'utf8')).toBe('xxxxx');
      const left = readdirSync(dirname(built)).filter((name) => name.startsWith(`${basename(built)}.`));
      expect(left).toEqual([]);
    } finally {
      rmSync(built, { recursive: true, force: true });
      rmSync(folder, { recursive: true });
    }
  });

  it('compiles per instruction set only what belongs to the architecture', () => {
    const names = translationUnits('arm64').map(({ object }) => object);
    expect(names).toContain('isa_neon.cpp.o');
    expect(names).not.toContain('isa_avx512.cpp.o');
    expect(translationUnits('riscv64').map(({ object }) => object)).toContain('isa_scalar.cpp.o');
    expect(buildKey('one compiler')).not.toBe(buildKey('another'));
  });
});
