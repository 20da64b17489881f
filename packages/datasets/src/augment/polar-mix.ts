import type { Random } from '@nerfseg/geometry';
import { assemble, type MixedScan, type MixInput, type Piece, rowsWhere } from './mixed-scan.js';
import { identityAffine } from './transform-affine.js';

export interface PolarMixOptions {
  /** Classes of things that are pasted: cars, people, ... */
  readonly instanceClasses: readonly number[];
  /** How often a sector is swapped. Default 0.5. */
  readonly swap?: number;
  /** Radians: width of the sector. Default pi. */
  readonly sector?: number;
  /** How often things are pasted. Default 1. */
  readonly paste?: number;
}

/** The classes that the published settings paste: everything that can move, and nothing that the ground is made of. */
export const polarMixClasses = {
  semantickitti: [1, 2, 3, 4, 5, 6, 7, 8],
  nuscenes: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
} as const;

/**
 * Mixes a scan with another one (PolarMix: Xiao et al., NeurIPS 2022, section 3 and the released code): a sector of the
 * azimuth is exchanged for the other's, then the other's things are pasted where they are and turned about z by two
 * angles, one in [0, 120) and one in [120, 240) degrees.
 *
 * @param inputs the scan to be changed, and the other one, whose labels say what its things are.
 * @throws RangeError when there are no such labels.
 */
export const polarMix = (
  inputs: readonly [MixInput, MixInput],
  random: Random,
  options: PolarMixOptions,
): MixedScan => {
  const { instanceClasses, swap = 0.5, sector = Math.PI, paste = 1 } = options;
  const [first, second] = inputs;
  if (!second.labels) throw new RangeError('polarMix: the second scan has no labels');
  const swaps = random.next() < swap;
  const start = (2 * random.next() - 1) * Math.PI;
  const pastes = random.next() < paste;
  const third = (2 * Math.PI) / 3;
  const turns = [random.next() * third, (random.next() + 1) * third];
  const inSector =
    ({ points: { positions } }: MixInput) =>
    (i: number): boolean => {
      const azimuth = Math.atan2(positions[i * 3 + 1], positions[i * 3]) - start;
      return azimuth - 2 * Math.PI * Math.floor(azimuth / (2 * Math.PI)) < sector;
    };
  const count = ({ points }: MixInput): number => points.intensity.length;
  const exchanged = inSector(first);
  const pieces: Piece[] = [{ scan: 0, rows: rowsWhere(count(first), (i) => !(swaps && exchanged(i))) }];
  if (swaps) pieces.push({ scan: 1, rows: rowsWhere(count(second), inSector(second)) });
  if (pastes) {
    const { labels } = second;
    const isThing = new Uint8Array(256);
    for (const classId of instanceClasses) isThing[classId] = 1;
    const rows = rowsWhere(count(second), (i) => isThing[labels[i]] === 1);
    pieces.push(
      { scan: 1, rows },
      ...turns.map((angle) => ({ scan: 1 as const, rows, moved: turned(angle) })),
    );
  }
  return assemble(inputs, pieces);
};

/** About z. */
const turned = (angle: number): Float64Array => {
  const affine = identityAffine();
  affine[0] = affine[5] = Math.cos(angle);
  affine[1] = Math.sin(angle);
  affine[4] = -affine[1];
  return affine;
};
