import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';

/**
 * Notes every path that is opened or listed through Node's file functions from now on, so that a read outside of a data
 * set's folder is seen whatever it finds there. The readers import those functions by name: builtin modules' names are
 * live, and are brought up to date here.
 *
 * @returns takes the paths noted since the last call.
 */
export const watchFiles = (): (() => readonly string[]) => {
  let seen: string[] = [];
  const watch = (holder: object, names: readonly string[]): void => {
    for (const name of names) {
      const original: unknown = Reflect.get(holder, name);
      if (typeof original !== 'function') continue;
      Reflect.set(holder, name, function watched(this: unknown, ...args: unknown[]): unknown {
        if (typeof args[0] === 'string') seen.push(path.resolve(args[0]));
        return Reflect.apply(original, this, args);
      });
    }
  };
  watch(fs.promises, ['open', 'readFile', 'readdir', 'opendir']);
  watch(fs, ['open', 'openSync', 'readFile', 'readFileSync', 'readdir', 'readdirSync', 'createReadStream']);
  syncBuiltinESMExports();
  return () => {
    const taken = seen;
    seen = [];
    return taken;
  };
};
