/**
 * Folds text into a 128-bit key, MurmurHash3-style mixing on four 32-bit lanes. Not cryptographic: it spreads
 * names over generator states so that `fork('a')` and `fork('b')` share nothing visible.
 */
export const hashKey = (key: readonly number[], text: string): [number, number, number, number] => {
  let a = key[0] ^ 0x239b961b;
  let b = key[1] ^ 0xab0e9789;
  let c = key[2] ^ 0x38b34ae5;
  let d = key[3] ^ 0xa1e38b93;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(b ^ Math.imul(a ^ unit, 0x239b961b), 5) + 0x561ccd1b;
    b = Math.imul(c ^ Math.imul(b ^ unit, 0xab0e9789), 5) + 0x0bcaa747;
    c = Math.imul(d ^ Math.imul(c ^ unit, 0x38b34ae5), 5) + 0x96cd1c35;
    d = Math.imul(a ^ Math.imul(d ^ unit, 0xa1e38b93), 5) + 0x32ac3b17;
  }
  a ^= text.length;
  // Two rounds of finalisation, each lane fed by its neighbour: every bit of input reaches every lane.
  for (let round = 0; round < 2; round++) {
    a = avalanche(a + d);
    b = avalanche(b + a);
    c = avalanche(c + b);
    d = avalanche(d + c);
  }
  return [a, b, c, d];
};

/** MurmurHash3's 32-bit finaliser. */
const avalanche = (value: number): number => {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) | 0;
};
