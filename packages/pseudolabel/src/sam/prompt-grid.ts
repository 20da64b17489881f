export interface PromptPoint {
  readonly x: number;
  readonly y: number;
  /** 3: of the coarsest grid, ..., 0: only of the finest. */
  readonly level: number;
}

/**
 * Point prompts on a regular grid, coarse to fine: first the points of a grid eight times as wide, then those that
 * halve its spacing, and so on. In this order a mask from an early prompt can spare its later neighbours.
 *
 * The original generator puts `pointsPerSide` points along either side of any picture; here the longer side has them
 * and the shorter side has as many as fit the same spacing, so that a wide picture does not get four times the density
 * upright. `square` restores the original.
 *
 * @param pointsPerSide points along the longer side.
 * @returns in this order; x, y in pixels, at the centres of the grid's cells.
 */
export function promptGrid(
  width: number,
  height: number,
  pointsPerSide: number,
  square = false,
): PromptPoint[] {
  const along = (side: number): number =>
    square ? pointsPerSide : Math.max(1, Math.round((pointsPerSide * side) / Math.max(width, height)));
  const [columns, rows] = [along(width), along(height)];
  const points: PromptPoint[] = [];
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      points.push({
        level: Math.min(levelOf(row), levelOf(column)),
        x: ((column + 0.5) * width) / columns,
        y: ((row + 0.5) * height) / rows,
      });
  // A stable sort: row by row within a level.
  return points.sort((a, b) => b.level - a.level);
}

/** 3 on every eighth line (the fourth, the twelfth, ...), 2 between those, then 1; 0 on every other line. */
const levelOf = (line: number): number => Math.min(3, Math.log2((line + 4) & -(line + 4)));
