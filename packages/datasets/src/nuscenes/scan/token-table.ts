/** A set of tokens, each with the number under which it came: 20 to 24 bytes per token and no object. */
export interface TokenTable {
  readonly size: () => number;
  /** The number of the four words at `at`, or -1. */
  readonly find: (words: Uint32Array, at: number) => number;
  /** The number of the four words at `at`, which are added if they are new. */
  readonly add: (words: Uint32Array, at: number) => number;
  /** All tokens, 4 words each, by number. */
  readonly words: () => Uint32Array;
}

export const tokenTable = (): TokenTable => {
  let keys = new Uint32Array(4 * 512);
  let places = new Int32Array(1024);
  let shift = 22;
  let size = 0;

  // Multiplicative hashing of all four words: made-up tokens need not be random anywhere.
  const placeOf = (words: Uint32Array, at: number): number => {
    const mixed = Math.imul(words[at] ^ Math.imul(words[at + 1], 0x85ebca6b), 0x9e3779b1);
    const rest = Math.imul(words[at + 2] ^ Math.imul(words[at + 3], 0xc2b2ae35), 0x27d4eb2f);
    let place = Math.imul(mixed ^ (rest >>> 15) ^ rest, 0x9e3779b1) >>> shift;
    for (;;) {
      const key = places[place] - 1;
      if (key < 0) return place;
      const k = key * 4;
      if (
        keys[k] === words[at] &&
        keys[k + 1] === words[at + 1] &&
        keys[k + 2] === words[at + 2] &&
        keys[k + 3] === words[at + 3]
      )
        return place;
      place = (place + 1) & (places.length - 1);
    }
  };
  const grow = (): void => {
    const larger = new Uint32Array(keys.length * 2);
    larger.set(keys);
    keys = larger;
    places = new Int32Array(places.length * 2);
    shift--;
    for (let key = 0; key < size; key++) places[placeOf(keys, key * 4)] = key + 1;
  };
  return {
    size: () => size,
    find: (words, at) => places[placeOf(words, at)] - 1,
    add: (words, at) => {
      const place = placeOf(words, at);
      if (places[place] > 0) return places[place] - 1;
      const key = size * 4;
      for (let w = 0; w < 4; w++) keys[key + w] = words[at + w];
      places[place] = ++size;
      if (size * 4 === keys.length) grow();
      return size - 1;
    },
    words: () => keys.subarray(0, size * 4),
  };
};
