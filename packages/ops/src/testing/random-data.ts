/** A small seeded generator (mulberry32), uniform in [0, 1). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/** Floats, uniform in [low, high), exactly representable in float32. */
export const randomFloats = (random: () => number, length: number, low = -1, high = 1): Float32Array => {
  const values = new Float32Array(length);
  for (let n = 0; n < length; n++) values[n] = low + (high - low) * random();
  return values;
};

/** Integers, uniform in [low, high). */
export const randomInts = (random: () => number, length: number, low: number, high: number): Int32Array => {
  const values = new Int32Array(length);
  for (let n = 0; n < length; n++) values[n] = low + Math.floor((high - low) * random());
  return values;
};

/** Distinct voxels of a grid, each active with probability `density`, sorted by linear index. */
export const randomCoords = (
  random: () => number,
  shape: readonly [number, number, number],
  density: number,
): Int32Array => {
  const coords: number[] = [];
  for (let r = 0; r < shape[0]; r++) {
    for (let p = 0; p < shape[1]; p++) {
      for (let z = 0; z < shape[2]; z++) if (random() < density) coords.push(r, p, z);
    }
  }
  return Int32Array.from(coords);
};
