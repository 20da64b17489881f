import { dataError } from '@nerfseg/geometry';
import { raise } from '../files/guard.js';
import { readText } from '../files/read-bytes.js';

/** Non-empty lines of a text file. */
export const readLines = async (path: string): Promise<readonly string[]> =>
  (await readText(path)).split('\n').filter((line) => line.trim() !== '');

/** The numbers of one line; raises `malformed` where there is something else. */
export const numbersOf = (text: string, path: string, field: string): number[] =>
  text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const value = Number(word);
      return word !== '' && Number.isFinite(value)
        ? value
        : raise(dataError('malformed', path, field, `'${word.slice(0, 40)}'`, 'finite numbers'));
    });
