import type { RowScanner } from '../scan/row-scanner.js';
import { isOfficialToken, wordsText } from '../scan/token-words.js';

/** Remembers tokens that their words do not give back. */
export interface Aliases {
  /** The token of the row at hand. */
  readonly note: (scanner: RowScanner, field: string) => void;
  /** A token from its words. */
  readonly text: (words: Uint32Array, at: number) => string;
  readonly any: () => boolean;
}

export const tokenOfWords = (
  aliases: Readonly<Record<string, string>>,
  words: Uint32Array,
  at: number,
): string => {
  const hex = wordsText(words, at);
  return Object.hasOwn(aliases, hex) ? aliases[hex] : hex;
};

export const newAliases = (): Aliases => {
  const known = new Map<string, string>();
  return {
    note: (scanner, field) => {
      // Only tokens of 32 hexadecimal digits come past JSON.parse.
      if (!scanner.row) return;
      const token = scanner.tokenText(field);
      if (!isOfficialToken(token)) known.set(wordsText(scanner.words, scanner.slot(field)), token);
    },
    text: (words, at) => {
      const hex = wordsText(words, at);
      return known.get(hex) ?? hex;
    },
    any: () => known.size > 0,
  };
};
