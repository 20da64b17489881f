import type { LaserMixOptions } from './laser-mix.js';
import type { PolarMixOptions } from './polar-mix.js';

/** How two scans are mixed. */
export type MixSettings =
  | ({ readonly method: 'laser' } & LaserMixOptions)
  | ({ readonly method: 'polar' } & PolarMixOptions);
