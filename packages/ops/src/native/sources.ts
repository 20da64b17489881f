import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the C++ sources, of prebuilt binaries and of local builds. */
export const nativeFolder = fileURLToPath(new URL('../../native', import.meta.url));

const sourceFolder = join(nativeFolder, 'src');

/** Flags of the files that are compiled for one instruction set; the others are for the architecture's baseline. */
const isaFlags: Record<string, Record<string, readonly string[]>> = {
  x64: {
    'isa_avx512.cpp': ['-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mavx2', '-mfma'],
    'isa_avx2.cpp': ['-mavx2', '-mfma'],
    'isa_scalar.cpp': [],
  },
  arm64: { 'isa_neon.cpp': [], 'isa_scalar.cpp': [] },
};

const commonFlags = [
  '-std=gnu++17',
  '-O3',
  '-fPIC',
  '-fvisibility=hidden',
  '-fno-exceptions',
  '-fno-rtti',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-ffp-contract=fast',
  '-DNAPI_VERSION=8',
];

/** Look-ups count bits; every x64 processor since 2008 does that in one instruction. */
const archFlags: Record<string, readonly string[]> = { x64: ['-mpopcnt'] };

/** Flags that make a Node add-on of the object files. */
export const linkFlags: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  // The pool's threads outlive any one environment, so the code must never be unmapped.
  linux: ['-shared', '-pthread', '-Wl,-z,nodelete'],
  darwin: ['-bundle', '-undefined', 'dynamic_lookup'],
};

/** One file to compile, and how. */
export interface TranslationUnit {
  readonly file: string;
  readonly object: string;
  readonly flags: readonly string[];
}

const filesIn = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => ending.test(name))
    .sort();

/** Every file to compile on this architecture, the slowest first. */
export const translationUnits = (arch: string = process.arch): TranslationUnit[] => {
  const include = createRequire(import.meta.url)('node-api-headers').include_dir as string;
  const isas: Record<string, readonly string[]> = isaFlags[arch] ?? { 'isa_scalar.cpp': [] };
  const shared = filesIn(sourceFolder, /\.cpp$/).filter((name) => !name.startsWith('isa_'));
  return [...Object.keys(isas), ...shared].map((name) => ({
    file: join(sourceFolder, name),
    object: `${name.replaceAll(/[\\/]/g, '-')}.o`,
    flags: [
      ...commonFlags,
      ...(archFlags[arch] ?? []),
      `-I${sourceFolder}`,
      `-I${include}`,
      ...(isas[name] ?? []),
    ],
  }));
};

/** A name for what would be built: changes with any source, flag, compiler, or machine architecture. */
export const buildKey = (compilerVersion: string): string => {
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([
      compilerVersion,
      process.platform,
      process.arch,
      commonFlags,
      archFlags,
      linkFlags,
      isaFlags,
    ]),
  );
  for (const name of filesIn(sourceFolder, /\.(cpp|hpp|inc)$/)) {
    hash.update(name).update(readFileSync(join(sourceFolder, name), 'utf8'));
  }
  return hash.digest('hex').slice(0, 16);
};

/** Where a binary that came with the package would be. */
export const prebuiltFile = (): string =>
  join(nativeFolder, 'prebuilds', `${process.platform}-${process.arch}`, 'nerfseg.node');
