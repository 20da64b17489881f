import type { Random } from '@nerfseg/geometry';
import { joined } from '../bytes.js';
import type { ByteMutation } from '../types.js';

const noise = (length: number, random: Random): Uint8Array =>
  Uint8Array.from({ length }, () => random.int(256));

const patched = (bytes: Uint8Array, at: number, patch: Uint8Array): Uint8Array => {
  const copy = bytes.slice();
  copy.set(patch.subarray(0, Math.max(0, copy.length - at)), at);
  return copy;
};

const words = [0xffffffff, 0x7fffffff, 0x80000000, 0x7fc00000, 0x7f800000, 0xff800000, 0x7f7fffff, 1, 0];

/** For files of any format. */
export const byteMutations: Readonly<Record<string, ByteMutation>> = {
  truncate: (bytes, random) => bytes.subarray(0, random.int(bytes.length)),
  'truncate a little': (bytes, random) => bytes.subarray(0, Math.max(0, bytes.length - 1 - random.int(16))),
  empty: () => new Uint8Array(0),
  'extend by noise': (bytes, random) => joined(bytes, noise(1 + random.int(64), random)),
  'extend by zeros': (bytes, random) => joined(bytes, new Uint8Array(1 + random.int(4096))),
  twice: (bytes) => joined(bytes, bytes),
  'cut the front': (bytes, random) => bytes.subarray(1 + random.int(64)),
  'flip bits': (bytes, random) => {
    const copy = bytes.slice();
    for (let left = 1 + random.int(16); left > 0; left--) copy[random.int(copy.length)] ^= 1 << random.int(8);
    return copy;
  },
  'flip a bit of the beginning': (bytes, random) => {
    const copy = bytes.slice();
    copy[random.int(Math.min(64, copy.length))] ^= 1 << random.int(8);
    return copy;
  },
  'noise over a part': (bytes, random) =>
    patched(bytes, random.int(bytes.length), noise(1 + random.int(64), random)),
  'zeros over a part': (bytes, random) =>
    patched(bytes, random.int(bytes.length), new Uint8Array(1 + random.int(256))),
  'huge number, 32 bits': (bytes, random) => {
    const word = new DataView(new ArrayBuffer(4));
    word.setUint32(0, words[random.int(words.length)], random.int(2) === 0);
    return patched(bytes, 4 * random.int(Math.max(1, bytes.length >> 2)), new Uint8Array(word.buffer));
  },
  'huge number, 64 bits': (bytes, random) =>
    patched(bytes, random.int(bytes.length), new Uint8Array(8).fill(random.int(2) ? 0xff : 0x7f)),
  'swap two parts': (bytes, random) => {
    const size = Math.min(16, bytes.length >> 1);
    const [a, b] = [random.int(bytes.length - size), random.int(bytes.length - size)];
    return patched(patched(bytes, a, bytes.slice(b, b + size)), b, bytes.slice(a, a + size));
  },
  'all noise': (bytes, random) => noise(bytes.length, random),
};
