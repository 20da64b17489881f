import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A C++ compiler that answers, and what it says it is. */
export interface Compiler {
  readonly command: string;
  readonly version: string;
}

/** The first C++ compiler among CXX, c++, g++ and clang++ that runs. */
export const findCompiler = async (): Promise<Compiler | undefined> => {
  const names = [process.env.CXX, 'c++', 'g++', 'clang++'].filter(
    (name) => name !== undefined && name !== '',
  );
  for (const command of names as string[]) {
    try {
      const { stdout } = await run(command, ['--version'], { timeout: 20_000, env: process.env });
      return { command, version: stdout.split('\n')[0] };
    } catch {
      // Not there, or not a compiler: the next one may be.
    }
  }
  return undefined;
};

/** Runs one compiler command; the first lines of what it complains about where it fails. */
export const compile = async (compiler: Compiler, args: readonly string[]): Promise<string | undefined> => {
  try {
    await run(compiler.command, [...args], { timeout: 300_000, maxBuffer: 1 << 24, env: process.env });
    return undefined;
  } catch (error) {
    const text = (error as { stderr?: string }).stderr || String(error);
    return text.split('\n').slice(0, 6).join('\n');
  }
};
