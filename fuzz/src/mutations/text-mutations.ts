import type { Random } from '@nerfseg/geometry';
import { bytesOf, textOf } from '../bytes.js';
import type { ByteMutation } from '../types.js';

export const oddNumbers = [
  '1e999',
  '-1e999',
  '1e308',
  '-1',
  '0',
  '9007199254740993',
  'NaN',
  'Infinity',
  '0x10',
  '1e-400',
  '1,5',
  '--1',
  '٣',
  '4294967296',
];

const onText =
  (change: (text: string, random: Random) => string | undefined): ByteMutation =>
  (bytes, random) => {
    const changed = change(textOf(bytes), random);
    return changed === undefined ? undefined : bytesOf(changed);
  };

const onLines = (change: (lines: string[], random: Random) => void): ByteMutation =>
  onText((text, random) => {
    const lines = text.split('\n');
    change(lines, random);
    return lines.join('\n');
  });

/** For files of words and lines. */
export const textMutations: Readonly<Record<string, ByteMutation>> = {
  'odd number': onText((text, random) => {
    const found = [...text.matchAll(/-?\d[\d.eE+-]*/g)];
    if (found.length === 0) return undefined;
    const one = found[random.int(found.length)];
    const odd = oddNumbers[random.int(oddNumbers.length)];
    return text.slice(0, one.index) + odd + text.slice(one.index + one[0].length);
  }),
  'swap words': onText((text, random) => {
    const words = text.split(' ');
    const [a, b] = [random.int(words.length), random.int(words.length)];
    [words[a], words[b]] = [words[b], words[a]];
    return words.join(' ');
  }),
  'drop a word': onText((text, random) => {
    const words = text.split(' ');
    words.splice(random.int(words.length), 1);
    return words.join(' ');
  }),
  'drop a line': onLines((lines, random) => lines.splice(random.int(lines.length), 1)),
  'repeat a line': onLines((lines, random) => {
    const at = random.int(lines.length);
    lines.splice(at, 0, lines[at]);
  }),
  'swap lines': onLines((lines, random) => {
    const [a, b] = [random.int(lines.length), random.int(lines.length)];
    [lines[a], lines[b]] = [lines[b], lines[a]];
  }),
  'insert odd characters': onText((text, random) => {
    const at = random.int(text.length + 1);
    const odd = ['\0', '\r', '\uFEFF', '\u2028', '"', '\\', '\uD800', '{', ']', ','];
    return text.slice(0, at) + odd[random.int(odd.length)] + text.slice(at);
  }),
  'a very long line': onText((text, random) => {
    const at = random.int(text.length + 1);
    return text.slice(0, at) + '7'.repeat(1 << 20) + text.slice(at);
  }),
  'a very long list': onText((text, random) => {
    const at = random.int(text.length + 1);
    return text.slice(0, at) + ' 1\n'.repeat(1 << 18) + text.slice(at);
  }),
};
