import type { Random } from '@nerfseg/geometry';

/** A kind of file or data set that is read: how to make a sound one, and how to read all of it. */
export interface FuzzTarget {
  readonly name: string;
  /** Writes sound files into an empty folder. */
  readonly make: (root: string) => Promise<void>;
  /** Which of the files, by their path in the folder, are damaged. Default: all. */
  readonly damages?: RegExp;
  /**
   * Reads everything, through the public functions alone.
   *
   * @returns the tags of the errors that came back, and a digest of the rest.
   * @throws Violation for a result that cannot be: points without labels, numbers that are not finite.
   */
  readonly open: (root: string) => Promise<Reading>;
  /** Whether nothing but the sound result will do, whatever the damage to the file: caches, which are made anew. */
  readonly heals?: boolean;
}

export interface Reading {
  /** `code` of each error. */
  readonly errors: readonly string[];
  readonly digest: string;
}

/** A result that is neither an error nor sound. */
export class Violation extends Error {}

/** Changes bytes; undefined where it has no use for these. */
export type ByteMutation = (bytes: Uint8Array, random: Random) => Uint8Array | undefined;

/** What became of one case. */
export interface CaseResult {
  readonly number: number;
  readonly target: string;
  readonly file: string;
  readonly mutation: string;
  /** 'error': a tagged error came back; 'sound': all was read, and can be; anything else is a failure. */
  readonly outcome: 'error' | 'sound' | 'violation' | 'thrown' | 'outside' | 'memory' | 'hang' | 'crash';
  readonly detail: string;
  readonly milliseconds: number;
}
