import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, homedir, hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { type Compiler, compile, findCompiler } from './compiler.js';
import { buildKey, linkFlags, nativeFolder, prebuiltFile, translationUnits } from './sources.js';

/** Where the add-on came from. */
export type NativeOrigin = 'prebuilt' | 'compiled' | 'cached';

/** An add-on ready to be loaded. */
export interface NativeBinary {
  readonly file: string;
  readonly how: NativeOrigin;
}

const binaryName = 'nerfseg.node';

/** Where a digest of the binary lies beside it. */
const digestName = `${binaryName}.sha256`;

const digestOf = (file: string): string =>
  createHash('sha256')
    .update(Uint8Array.from(readFileSync(file)))
    .digest('hex');

/** Whether a build is there, and is what was built: loading half a file can end the process. */
const isWhole = (folder: string): boolean => {
  const [file, digest] = [join(folder, binaryName), join(folder, digestName)];
  try {
    return readFileSync(digest, 'utf8') === digestOf(file);
  } catch {
    return false;
  }
};

/** Where builds are looked for: the package's own folder, then the user's cache folder. */
const roots = (): readonly string[] => [
  join(nativeFolder, 'build'),
  join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nerfseg', 'native'),
];

/** The first root that can be written. Throws what the last one's obstacle is. */
const writableRoot = (): string => {
  let obstacle: unknown;
  for (const root of roots()) {
    try {
      mkdirSync(root, { recursive: true });
      accessSync(root, constants.W_OK);
      return root;
    } catch (error) {
      obstacle = error;
    }
  }
  throw obstacle;
};

/** Compiles every file, as many at a time as there are cores, and links them; the complaint where that fails. */
const compileAll = async (compiler: Compiler, folder: string): Promise<string | undefined> => {
  const waiting = translationUnits();
  const objects = waiting.map((unit) => join(folder, unit.object));
  let complaint: string | undefined;
  const worker = async (): Promise<void> => {
    for (let unit = waiting.shift(); unit && !complaint; unit = waiting.shift()) {
      const failed = await compile(compiler, [
        ...unit.flags,
        '-c',
        unit.file,
        '-o',
        join(folder, unit.object),
      ]);
      complaint ??= failed;
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  if (complaint) return complaint;
  const link = linkFlags[process.platform] ?? [];
  return compile(compiler, [...link, ...objects, '-o', join(folder, binaryName)]);
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How long another process's build is waited for; one that takes longer has died. */
const longestBuild = 120_000;

/** Who builds, in the lock; on this machine it can be told whether they still do. */
const builderName = 'builder';

const isDead = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // Another user's process cannot be asked, but is there.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
};

/** On this machine a builder's death is known; of another one's, whose disk this may be, or of one without a name, too long a build tells. */
const isAbandoned = (lock: string): boolean => {
  try {
    const tooLong = Date.now() - statSync(lock).mtimeMs > longestBuild;
    const file = join(lock, builderName);
    const [host, pid] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
    return host === hostname() ? isDead(Number(pid)) : tooLong;
  } catch {
    // Released by now.
    return false;
  }
};

/** What errors of a lock say that another process has just taken or released. */
const passing = ['EEXIST', 'ENOENT', 'ENOTEMPTY'];

const ifPassing = (error: unknown): void => {
  if (!passing.includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
};

/** Takes an abandoned lock away: moved aside first, for a rival may have put its own in the place meanwhile, which is put back. */
const removeAbandoned = (lock: string): void => {
  const moved = `${lock}-${process.pid}`;
  try {
    renameSync(lock, moved);
    if (!isAbandoned(moved)) renameSync(moved, lock);
  } catch (error) {
    ifPassing(error);
  } finally {
    rmSync(moved, { recursive: true, force: true });
  }
};

/**
 * Makes a folder that only one process can have made, or waits while another one has it: test runners start many
 * processes, and one build serves all. Should two build all the same, both results are whole, and one is kept. Returns what releases it.
 */
const lockBuild = async (lock: string, done: () => boolean): Promise<() => void> => {
  const name = `${hostname()}\n${process.pid}`;
  const builder = join(lock, builderName);
  const release = (): void => {
    if (existsSync(builder) && readFileSync(builder, 'utf8') === name)
      rmSync(lock, { recursive: true, force: true });
  };
  for (;;) {
    if (done()) return () => {};
    try {
      mkdirSync(lock);
      writeFileSync(builder, name);
      return release;
    } catch (error) {
      ifPassing(error);
    }
    if (isAbandoned(lock)) removeAbandoned(lock);
    else await pause(100);
  }
};

/** Where processes of this machine build, before their numbers. */
const asideOf = (folder: string): string => `${folder}.build-${hostname()}-`;

/** Removes what builds of the same key on this machine, ended early, left aside. */
const removeLeftovers = (folder: string): void => {
  const prefix = basename(asideOf(folder));
  for (const name of readdirSync(dirname(folder)))
    if (name.startsWith(prefix) && isDead(Number(name.slice(prefix.length))))
      rmSync(join(dirname(folder), name), { recursive: true, force: true });
};

/** Builds aside and renames, so that a binary is whole wherever it is seen; the complaint where that fails. */
const buildInto = async (compiler: Compiler, folder: string): Promise<string | undefined> => {
  removeLeftovers(folder);
  const aside = `${asideOf(folder)}${process.pid}`;
  mkdirSync(aside, { recursive: true });
  try {
    const complaint = await compileAll(compiler, aside);
    if (complaint) return complaint;
    for (const { object } of translationUnits()) rmSync(join(aside, object), { force: true });
    writeFileSync(join(aside, digestName), digestOf(join(aside, binaryName)));
    if (isWhole(folder)) return undefined;
    // A damaged one, or one without its binary.
    rmSync(folder, { recursive: true, force: true });
    try {
      renameSync(aside, folder);
    } catch (error) {
      if (!isWhole(folder)) throw error;
    }
    return undefined;
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
};

/**
 * Finds the add-on or makes it: a binary that came with the package, one that was built before from the same sources
 * by the same compiler, or a new build (in under a minute). Left: one line that says why there is none.
 */
export const nativeBinary = async (): Promise<E.Either<string, NativeBinary>> => {
  const prebuilt = prebuiltFile();
  if (existsSync(prebuilt)) return E.right({ file: prebuilt, how: 'prebuilt' });
  if (!linkFlags[process.platform]) {
    return E.left(
      `no prebuilt binary for ${process.platform}-${process.arch}, and building is not supported there`,
    );
  }
  const compiler = await findCompiler();
  if (!compiler) return E.left('no C++ compiler found (tried CXX, c++, g++, clang++): install g++ or clang');
  try {
    const key = buildKey(compiler.version);
    const built = roots()
      .map((root) => join(root, key))
      .find(isWhole);
    if (built) return E.right({ file: join(built, binaryName), how: 'cached' });
    const folder = join(writableRoot(), key);
    const file = join(folder, binaryName);
    const release = await lockBuild(`${folder}.lock`, () => isWhole(folder));
    try {
      if (isWhole(folder)) return E.right({ file, how: 'cached' });
      const complaint = await buildInto(compiler, folder);
      if (!complaint) return E.right({ file, how: 'compiled' });
      return E.left(`${compiler.command} could not build the native kernels: ${complaint.split('\n')[0]}`);
    } finally {
      release();
    }
  } catch (error) {
    return E.left(`the native kernels could not be built: ${error instanceof Error ? error.message : error}`);
  }
};
