import type { LidarHints } from '../sources/types.js';

/** Projected points gathered in square cells of a picture. */
export interface LidarCells {
  readonly columns: number;
  readonly rows: number;
  /** [columns*rows] the surface (a run of cells on one thing) that a cell belongs to, -1 where no point lies. */
  readonly surface: Int32Array;
  /** [columns*rows] where the cell's nearest points lie, pixels. */
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Cells of each surface. */
  readonly surfaces: readonly Int32Array[];
}

/** Cells along the picture's longer side. */
const CELLS = 160;
/** Cells that a point's neighbour lies away, at most: beams are sparse in a large picture, returns in a small one. */
const GAP = 4;
/** Depth may differ by this share per cell within an upright surface, and with the neighbour below by no more for it to be upright. */
const UPRIGHT = 0.015;
const WITHIN_UPRIGHT = 0.03;
const WITHIN_LEVEL = 0.12;
/** Metres above the ground, where heights are known, from which on a point is not of the ground. */
const ABOVE_GROUND = 0.25;

/**
 * Gathers points into cells and cells into surfaces: neighbours (over the gaps between beams) whose nearest points are at
 * about the same depth, upright ones (whose depth is that of the cell below: cars, walls, trunks) apart from level ones
 * (whose depth shrinks downwards: the ground). Clusters or heights that come with the points are used in place of that.
 *
 * @param width @param height of the picture, pixels; points are taken where they lie in it.
 * @param left @param top of the picture in the points' coordinates.
 */
export function lidarCells(hints: LidarHints, width: number, height: number, left = 0, top = 0): LidarCells {
  const size = Math.max(width, height) / CELLS;
  const [columns, rows] = [Math.ceil(width / size), Math.ceil(height / size)];
  const count = columns * rows;
  const nearest = new Int32Array(count).fill(-1);
  const { u, v, depth, visible, cluster, height: above } = hints;
  for (let i = 0; i < u.length; i++) {
    const [x, y, d] = [u[i]! - left, v[i]! - top, depth[i]!];
    if (!(x >= 0 && x < width && y >= 0 && y < height && d > 0) || visible?.[i] === 0) continue;
    const cell = Math.floor(y / size) * columns + Math.floor(x / size);
    if (nearest[cell] === -1 || d < depth[nearest[cell]!]!) nearest[cell] = i;
  }
  const depthOf = (cell: number): number => depth[nearest[cell]!]!;
  const clusterOf = (cell: number): number => cluster?.[nearest[cell]!] ?? -1;
  const upright = new Uint8Array(count);
  for (let cell = 0; cell < count; cell++) {
    const point = nearest[cell]!;
    if (point < 0) continue;
    upright[cell] = Number(
      above ? above[point]! > ABOVE_GROUND : isUpright(cell, columns, count, nearest, depthOf),
    );
  }

  const surface = new Int32Array(count).fill(-1);
  const surfaces: Int32Array[] = [];
  const linked = (a: number, b: number, steps: number): boolean => {
    if (cluster && (clusterOf(a) >= 0 || clusterOf(b) >= 0)) return clusterOf(a) === clusterOf(b);
    if (upright[a] !== upright[b]) return false;
    const [near, far] = [Math.min(depthOf(a), depthOf(b)), Math.max(depthOf(a), depthOf(b))];
    return far - near <= 0.1 + steps * (upright[a] === 1 ? WITHIN_UPRIGHT : WITHIN_LEVEL) * near;
  };
  const region = new Int32Array(count);
  for (let seed = 0; seed < count; seed++) {
    if (nearest[seed] === -1 || surface[seed] !== -1) continue;
    let length = 1;
    region[0] = seed;
    surface[seed] = surfaces.length;
    for (let head = 0; head < length; head++) {
      const cell = region[head]!;
      for (const [dx, dy] of neighbours) {
        const other = across(cell, dx, dy, columns, rows, nearest);
        if (other < 0 || surface[other] !== -1) continue;
        const steps =
          Math.abs((other % columns) - (cell % columns)) +
          Math.abs(Math.floor(other / columns) - Math.floor(cell / columns));
        if (!linked(cell, other, steps)) continue;
        surface[other] = surfaces.length;
        region[length++] = other;
      }
    }
    surfaces.push(region.slice(0, length));
  }
  const at = (coordinate: Float32Array, start: number): Float32Array =>
    Float32Array.from(nearest, (point) => (point < 0 ? -1 : coordinate[point]! - start));
  return { columns, rows, surface, x: at(u, left), y: at(v, top), surfaces };
}

const neighbours = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
  [1, 1],
  [1, -1],
  [-1, 1],
  [-1, -1],
] as const;

/** The next cell with a point in a direction, over a gap between beams along a row or a column; -1: none. */
function across(
  cell: number,
  dx: number,
  dy: number,
  columns: number,
  rows: number,
  nearest: Int32Array,
): number {
  const [x, y] = [cell % columns, Math.floor(cell / columns)];
  const reach = dx === 0 || dy === 0 ? GAP : 1;
  for (let step = 1; step <= reach; step++) {
    const [nx, ny] = [x + dx * step, y + dy * step];
    if (nx < 0 || nx >= columns || ny < 0 || ny >= rows) return -1;
    if (nearest[ny * columns + nx]! >= 0) return ny * columns + nx;
  }
  return -1;
}

/** Whether the next point below is no nearer, by more than a steep surface explains; the lowest are taken for ground. */
function isUpright(
  cell: number,
  columns: number,
  count: number,
  nearest: Int32Array,
  depthOf: (cell: number) => number,
): boolean {
  for (let step = 1; step <= GAP; step++) {
    const below = cell + step * columns;
    if (below >= count) return false;
    if (nearest[below]! < 0) continue;
    return depthOf(cell) - depthOf(below) <= UPRIGHT * step * depthOf(below);
  }
  return false;
}
