import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where nerfseg keeps what it can make anew: NERFSEG_CACHE, else `nerfseg` in XDG_CACHE_HOME or `~/.cache`. A variable that is empty is as good as not set. */
export const cacheFolder = (): string =>
  process.env.NERFSEG_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'nerfseg');
