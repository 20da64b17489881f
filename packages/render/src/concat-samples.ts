import type { RaySamples } from './types.js';

/**
 * The samples of several scans of one batch as one, to be rendered at once: each was marched with the indices of its
 * own rows (`levelIndex`'s `rows`), so the interpolations already refer to the batch's feature tensors.
 */
export const concatSamples = (parts: readonly RaySamples[]): RaySamples => {
  const [first] = parts;
  if (!first) throw new RangeError('samples: found none to join, expected at least one');
  for (const part of parts) {
    if (part.interpolation !== first.interpolation || part.levelRows.join() !== first.levelRows.join())
      throw new RangeError('samples: they read different features, or read them differently');
  }
  const rayCount = parts.reduce((sum, p) => sum + p.rayCount, 0);
  const sampleCount = parts.reduce((sum, p) => sum + p.sampleCount, 0);
  const rayOffsets = new Int32Array(rayCount + 1);
  let ray = 0;
  let sample = 0;
  for (const part of parts) {
    for (let r = 0; r < part.rayCount; r++) rayOffsets[ray++] = sample + part.rayOffsets[r];
    sample += part.sampleCount;
  }
  rayOffsets[rayCount] = sampleCount;
  return {
    ...first,
    rayOffsets,
    rayCount,
    sampleCount,
    t: join(parts.map((p) => p.t)),
    delta: join(parts.map((p) => p.delta)),
    extras: join(parts.map((p) => p.extras)),
    levels: first.levels.map(({ corners }, l) => {
      const indices = new Int32Array(sampleCount * corners);
      let at = 0;
      for (const part of parts) {
        indices.set(part.levels[l].indices, at);
        at += part.levels[l].indices.length;
      }
      return { corners, indices, weights: join(parts.map((p) => p.levels[l].weights)) };
    }),
  };
};

const join = (arrays: readonly Float32Array[]): Float32Array => {
  const joined = new Float32Array(arrays.reduce((sum, a) => sum + a.length, 0));
  let at = 0;
  for (const a of arrays) {
    joined.set(a, at);
    at += a.length;
  }
  return joined;
};
