// A file name of nuScenes repeats its row's timestamp or token. Without it, the same few hundred names remain:
// samples/CAM_FRONT/n015-2018-07-24-11-22-45+0800__CAM_FRONT__<timestamp>.jpg. A zero, which no file name can hold,
// marks the place.
const [timestampMark, tokenMark] = ['\0t', '\0k'];
const mark = 0;
const markOf = { timestamp: 't'.charCodeAt(0), token: 'k'.charCodeAt(0) };

/** Scratch space for names without what repeats. */
export interface NamePattern {
  readonly bytes: Uint8Array;
  length: number;
  /** Whether the name held a zero of its own, which no file can have. */
  impossible: boolean;
}

export const namePattern = (): NamePattern => ({
  bytes: new Uint8Array(1 << 16),
  length: 0,
  impossible: false,
});

const digits = new Uint8Array(32);
const hexDigits = Uint8Array.from('0123456789abcdef', (c) => c.charCodeAt(0));

/** The decimal digits of a whole number at the end of `digits`; their count. */
const decimal = (value: number): number => {
  let rest = value;
  let count = 0;
  do {
    const next = Math.floor(rest / 10);
    digits[31 - count++] = 48 + (rest - next * 10);
    rest = next;
  } while (rest > 0 && count < 20);
  return count;
};

/** Fills `pattern` with text[from, to), the last occurrence of digits[32 - count, 32) replaced by a mark. */
const replaceLast = (
  pattern: NamePattern,
  text: Uint8Array,
  from: number,
  to: number,
  count: number,
  kind: number,
): void => {
  const first = 32 - count;
  let found = to - count;
  search: for (; found >= from; found--) {
    for (let k = count - 1; k >= 0; k--) if (text[found + k] !== digits[first + k]) continue search;
    break;
  }
  const { bytes } = pattern;
  let length = 0;
  let zero = false;
  for (let i = from; i < to && length < bytes.length - 2; i++) {
    if (i === found) {
      bytes[length++] = mark;
      bytes[length++] = kind;
      i += count - 1;
      continue;
    }
    zero ||= text[i] === mark;
    bytes[length++] = text[i];
  }
  pattern.length = length;
  // Nor has a file a name of more than 64 KiB.
  pattern.impossible = zero || to - from > bytes.length - 2;
};

/** The pattern of a name that is expected to hold its row's timestamp. */
export const withoutTimestamp = (
  pattern: NamePattern,
  text: Uint8Array,
  from: number,
  to: number,
  timestamp: number,
): void => replaceLast(pattern, text, from, to, timestamp < 0 ? 20 : decimal(timestamp), markOf.timestamp);

/** The pattern of a name that is expected to hold its row's token. */
export const withoutToken = (
  pattern: NamePattern,
  text: Uint8Array,
  from: number,
  to: number,
  words: Uint32Array,
  at: number,
): void => {
  for (let k = 0; k < 32; k++) digits[k] = hexDigits[(words[at + (k >> 3)] >>> (28 - 4 * (k & 7))) & 15];
  replaceLast(pattern, text, from, to, 32, markOf.token);
};

/** The name that a pattern stands for. */
export const nameOf = (pattern: string, timestamp: number, token: string): string =>
  pattern.replace(timestampMark, String(timestamp)).replace(tokenMark, token);

/** The pattern as a name of some file, for checking where it leads. */
export const sampleName = (pattern: string): string => nameOf(pattern, 0, '0');
