import { spawn } from 'node:child_process';
import path from 'node:path';
import { root, setup } from './setup.mjs';

/** Sets the clone up, then runs the built `nerfseg` command in the caller's folder with these arguments. */
export function runNerfseg(args) {
  setup();
  const child = spawn(process.execPath, [path.join(root, 'packages/cli/dist/bin.js'), ...args], {
    // npm changes to the root before it runs a script; relative paths mean the folder the user stands in.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    stdio: 'inherit',
  });
  // Whoever signals this process alone means the child; through the terminal it has Ctrl-C already, and takes the two for one.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}
