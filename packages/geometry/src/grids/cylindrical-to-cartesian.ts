/** x, y, z in metres of rho (m), phi (rad), z (m): the inverse of `cartesianToCylindrical`. */
export const cylindricalToCartesian = (rho: number, phi: number, z: number): [number, number, number] => [
  rho * Math.cos(phi),
  rho * Math.sin(phi),
  z,
];
