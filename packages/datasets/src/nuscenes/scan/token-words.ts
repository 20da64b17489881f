import { createHash } from 'node:crypto';

const official = /^[0-9a-f]{32}$/;

/** A token as four words: its 128 bits where it is 32 hexadecimal digits, as the official ones are, else a hash of it. */
export const tokenWords = (token: string): Uint32Array => {
  const hex = official.test(token) ? token : createHash('sha256').update(token).digest('hex');
  return Uint32Array.from([0, 8, 16, 24], (at) => Number.parseInt(hex.slice(at, at + 8), 16));
};

/** Whether `wordsText` gives the token back. */
export const isOfficialToken = (token: string): boolean => official.test(token);

/** The 32 hexadecimal digits of four words. */
export const wordsText = (words: Uint32Array, at: number): string =>
  Array.from(words.subarray(at, at + 4), (word) => word.toString(16).padStart(8, '0')).join('');
