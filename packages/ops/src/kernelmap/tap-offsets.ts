import type { GridShape } from './linear-indices.js';

/** The offsets of a kernel's taps, rho major and z minor. */
export const tapOffsets = ([kr, kp, kz]: GridShape): GridShape[] =>
  Array.from({ length: kr * kp * kz }, (_, t) => [
    Math.floor(t / (kp * kz)),
    Math.floor(t / kz) % kp,
    t % kz,
  ]);
