import type { SamSettings } from './options.js';

export interface PromptPoint {
  readonly x: number;
  readonly y: number;
  /** 3: of the coarsest grid, ..., 0: only of the finest. */
  readonly level: number;
}

/**
 * The point prompts of one crop, in its pixels.
 *
 * The original generator puts `pointsPerSide` points along either side of any picture, at the centres of a grid's cells,
 * and takes them row by row (`squareGrid`). Otherwise the longer side has them and the shorter side has as many as fit
 * the same spacing, so that a wide picture does not get four times the density upright.
 *
 * `skipCovered` takes them coarse to fine: first the points of a grid eight times as wide, then those that halve its
 * spacing, and so on, far apart within a level, so that a mask from an early prompt can spare its later neighbours.
 *
 * @param layer of the crop: a deeper one has fewer points, or a grid of its own.
 */
export function promptGrid(
  width: number,
  height: number,
  layer: number,
  settings: Pick<
    SamSettings,
    'pointsPerSide' | 'cropPointsDownscale' | 'pointGrids' | 'squareGrid' | 'skipCovered'
  >,
): PromptPoint[] {
  const { pointGrids, skipCovered } = settings;
  if (pointGrids.length > 0) {
    const grid = pointGrids[Math.min(layer, pointGrids.length - 1)]!;
    return grid.map(([x, y]) => ({ x: x * width, y: y * height, level: 0 }));
  }
  const perSide = Math.floor(settings.pointsPerSide / settings.cropPointsDownscale ** layer);
  const along = (side: number): number =>
    settings.squareGrid ? perSide : Math.max(1, Math.round((perSide * side) / Math.max(width, height)));
  const [columns, rows] = perSide < 1 ? [0, 0] : [along(width), along(height)];
  const points: PromptPoint[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      points.push({
        level: Math.min(levelOf(row), levelOf(column)),
        x: ((column + 0.5) * width) / columns,
        y: ((row + 0.5) * height) / rows,
      });
  if (!skipCovered) return points;
  // Multiples of the golden ratio, modulo 1, are evenly spread in any run of them.
  const turn = (Math.sqrt(5) - 1) / 2;
  const order = points.map((_, i) => i);
  return order
    .sort((a, b) => points[b]!.level - points[a]!.level || ((a * turn) % 1) - ((b * turn) % 1))
    .map((i) => points[i]!);
}

/** 3 on every eighth line (the fourth, the twelfth, ...), 2 between those, then 1; 0 on every other line. */
const levelOf = (line: number): number => Math.min(3, Math.log2((line + 4) & -(line + 4)));
