import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
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

/**
 * Finds the add-on or makes it: a binary that came with the package, one that was built before from the same sources
 * by the same compiler, or a new build (in under a minute). Builds are made aside and renamed, so several processes
 * may build at once. Left: one line that says why there is none.
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
    const aside = `${folder}.${process.pid}.${Date.now().toString(36)}`;
    mkdirSync(aside, { recursive: true });
    const complaint = await compileAll(compiler, aside);
    if (complaint) {
      rmSync(aside, { recursive: true, force: true });
      return E.left(`${compiler.command} could not build the native kernels: ${complaint.split('\n')[0]}`);
    }
    try {
      renameSync(aside, folder);
    } catch {
      // Another process was first.
      rmSync(aside, { recursive: true, force: true });
    }
    return E.right({ file, how: 'compiled' });
  } catch (error) {
    return E.left(`the native kernels could not be built: ${error instanceof Error ? error.message : error}`);
  }
};
