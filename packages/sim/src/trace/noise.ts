// Held locally: this is the innermost code.
const { floor, imul } = Math;

/** A hash of three integers, 0..1. */
export const hash3 = (x: number, y: number, z: number): number => {
  let h = imul(x, 0x8da6b343) ^ imul(y, 0xd8163841) ^ imul(z, 0xcb1ab31f);
  h = imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = imul(h ^ (h >>> 12), 0x297a2d39);
  return ((h ^ (h >>> 15)) >>> 0) / 4294967296;
};

const ease = (t: number): number => t * t * (3 - 2 * t);

/** Value noise, 0..1, smooth over unit cells. */
export const noise3 = (x: number, y: number, z: number): number => {
  const ix = floor(x);
  const iy = floor(y);
  const iz = floor(z);
  const fx = ease(x - ix);
  const fy = ease(y - iy);
  const fz = ease(z - iz);
  const a = hash3(ix, iy, iz) * (1 - fx) + hash3(ix + 1, iy, iz) * fx;
  const b = hash3(ix, iy + 1, iz) * (1 - fx) + hash3(ix + 1, iy + 1, iz) * fx;
  const c = hash3(ix, iy, iz + 1) * (1 - fx) + hash3(ix + 1, iy, iz + 1) * fx;
  const d = hash3(ix, iy + 1, iz + 1) * (1 - fx) + hash3(ix + 1, iy + 1, iz + 1) * fx;
  return (a * (1 - fy) + b * fy) * (1 - fz) + (c * (1 - fy) + d * fy) * fz;
};
