/** Texts that are kept once each, without a string being made of those that are known. */
export interface BytePool {
  readonly size: () => number;
  /** The number of the text bytes[0, length), which is added if it is new. */
  readonly add: (bytes: Uint8Array, length: number) => number;
  readonly text: (id: number) => string;
}

export const bytePool = (): BytePool => {
  let arena = new Uint8Array(1 << 16);
  let used = 0;
  let starts = new Uint32Array(1 << 10);
  let hashes = new Int32Array(1 << 10);
  let places = new Int32Array(1 << 11);
  let size = 0;

  const grow = (): void => {
    const [moreStarts, moreHashes] = [new Uint32Array(starts.length * 2), new Int32Array(starts.length * 2)];
    moreStarts.set(starts);
    moreHashes.set(hashes);
    [starts, hashes] = [moreStarts, moreHashes];
    places = new Int32Array(places.length * 2);
    for (let id = 0; id < size; id++) {
      let place = hashes[id] & (places.length - 1);
      while (places[place] > 0) place = (place + 1) & (places.length - 1);
      places[place] = id + 1;
    }
  };
  const holds = (id: number, bytes: Uint8Array, length: number): boolean => {
    const start = starts[id];
    if (starts[id + 1] - start !== length) return false;
    for (let i = 0; i < length; i++) if (arena[start + i] !== bytes[i]) return false;
    return true;
  };
  return {
    size: () => size,
    add: (bytes, length) => {
      let hash = 0x811c9dc5;
      for (let i = 0; i < length; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
      hash ^= hash >>> 15;
      let place = hash & (places.length - 1);
      for (; places[place] > 0; place = (place + 1) & (places.length - 1)) {
        const id = places[place] - 1;
        if (hashes[id] === hash && holds(id, bytes, length)) return id;
      }
      if (used + length > arena.length) {
        const larger = new Uint8Array(2 * (used + length));
        larger.set(arena.subarray(0, used));
        arena = larger;
      }
      arena.set(bytes.subarray(0, length), used);
      hashes[size] = hash;
      used += length;
      places[place] = ++size;
      starts[size] = used;
      if (size + 1 === starts.length) grow();
      return size - 1;
    },
    text: (id) => new TextDecoder().decode(arena.subarray(starts[id], starts[id + 1])),
  };
};
