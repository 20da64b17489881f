import type { PointCloud, Random } from '@nerfseg/geometry';
import { assemble, type MixedScan, type MixInput, rowsWhere } from './mixed-scan.js';

export interface LaserMixOptions {
  /** How many areas the inclinations are cut into: one of these, each as likely. Default 3, 4, 5 or 6. */
  readonly areas?: readonly number[];
  /** Radians: lowest and highest inclination; what is beyond joins the outermost areas. Default -25 to 3 degrees. */
  readonly inclination?: readonly [number, number];
}

const degrees = Math.PI / 180;

/** Inclinations of the scanners that the published settings are for. */
export const laserMixInclination = {
  semantickitti: [-25 * degrees, 3 * degrees],
  nuscenes: [-30 * degrees, 10 * degrees],
} as const;

/**
 * Intertwines two scans by laser inclination (LaserMix: Kong et al., CVPR 2023, section 3.2 and the released code): the
 * inclinations atan(z / rho) are cut into equal areas, and the scans exchange every second one.
 *
 * @param inputs augmented or not; the inclination is that of the points as they are given.
 * @returns the first with the second's areas 1, 3, ... from the top, and the second with the first's: every point of
 * the two is in one of the results.
 */
export const laserMix = (
  inputs: readonly [MixInput, MixInput],
  random: Random,
  options: LaserMixOptions = {},
): readonly [MixedScan, MixedScan] => {
  const { areas = [3, 4, 5, 6], inclination = laserMixInclination.semantickitti } = options;
  const count = areas[random.int(areas.length)];
  const [own, other] = inputs.map(({ points }) => areasOf(points, count, inclination));
  const rows = (areaOf: Uint8Array, odd: number): Int32Array =>
    rowsWhere(areaOf.length, (i) => (areaOf[i] & 1) === odd);
  return [
    assemble(inputs, [
      { scan: 0, rows: rows(own, 0) },
      { scan: 1, rows: rows(other, 1) },
    ]),
    assemble(inputs, [
      { scan: 1, rows: rows(other, 0) },
      { scan: 0, rows: rows(own, 1) },
    ]),
  ];
};

/** [N] area of each point, from the top. */
const areasOf = (
  { positions, intensity }: PointCloud,
  areas: number,
  [lowest, highest]: readonly [number, number],
): Uint8Array => {
  const size = (highest - lowest) / areas;
  const areaOf = new Uint8Array(intensity.length);
  for (let i = 0, p = 0; i < areaOf.length; i++, p += 3) {
    const rho = Math.sqrt(positions[p] ** 2 + positions[p + 1] ** 2);
    const area = Math.floor((highest - Math.atan2(positions[p + 2], rho)) / size);
    areaOf[i] = Math.min(areas - 1, Math.max(0, area));
  }
  return areaOf;
};
