import { spawnSync } from 'node:child_process';

/** The first C++ compiler that answers: $CXX, c++, g++, clang++; undefined where there is none. */
export function findCompiler(): { readonly command: string; readonly version: string } | undefined {
  for (const command of [process.env.CXX, 'c++', 'g++', 'clang++']) {
    if (!command) continue;
    const { status, stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
    if (status === 0) return { command, version: stdout.split('\n')[0] ?? '' };
  }
  return undefined;
}
