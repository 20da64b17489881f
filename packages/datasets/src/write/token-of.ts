import { createHash } from 'node:crypto';

/** A token as nuScenes has them, 32 hexadecimal digits, the same for the same words. */
export const tokenOf = (...words: readonly (string | number)[]): string =>
  createHash('md5').update(words.join('/')).digest('hex');
