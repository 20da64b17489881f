import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
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

/** The package's own folder where it can be written, else the user's cache folder. */
const buildFolder = (): string => {
  const own = join(nativeFolder, 'build');
  try {
    mkdirSync(own, { recursive: true });
    accessSync(own, constants.W_OK);
    return own;
  } catch {
    return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nerfseg', 'native');
  }
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

/**
 * Makes a folder that only one process can have made, or waits while another one has it: test runners start many
 * processes, and one build serves all. Returns what releases it.
 */
const lockBuild = async (lock: string, done: () => boolean): Promise<() => void> => {
  for (const start = Date.now(); Date.now() - start < longestBuild; await pause(100)) {
    if (done()) return () => {};
    try {
      mkdirSync(lock);
      return () => rmSync(lock, { recursive: true, force: true });
    } catch {
      if (existsSync(lock) && Date.now() - statSync(lock).mtimeMs > longestBuild) break;
    }
  }
  return () => rmSync(lock, { recursive: true, force: true });
};

/** Builds aside and renames, so that a binary is whole wherever it is seen; the complaint where that fails. */
const buildInto = async (compiler: Compiler, folder: string): Promise<string | undefined> => {
  const aside = `${folder}.${process.pid}.${Date.now().toString(36)}`;
  mkdirSync(aside, { recursive: true });
  try {
    const complaint = await compileAll(compiler, aside);
    if (complaint) return complaint;
    for (const { object } of translationUnits()) rmSync(join(aside, object), { force: true });
    if (!existsSync(folder)) renameSync(aside, folder);
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
    const root = buildFolder();
    const folder = join(root, buildKey(compiler.version));
    const file = join(folder, binaryName);
    if (existsSync(file)) return E.right({ file, how: 'cached' });
    mkdirSync(root, { recursive: true });
    const release = await lockBuild(`${folder}.lock`, () => existsSync(file));
    try {
      if (existsSync(file)) return E.right({ file, how: 'cached' });
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
