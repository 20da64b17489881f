import { azimuthOf } from './azimuth-of.js';

/** rho (m, distance from the z axis), phi (rad, -pi..pi, from x towards y) and z (m) of a point in metres. */
export const cartesianToCylindrical = (x: number, y: number, z: number): [number, number, number] => [
  Math.sqrt(x * x + y * y),
  azimuthOf(y, x),
  z,
];
