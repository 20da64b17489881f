import type { LidarCells } from './lidar-cells.js';
import type { PromptSource } from './prompt-source.js';

/** Cells of a surface below which it gets no prompt. */
const MIN_CELLS = 2;
/** Cells that two prompts of one surface lie apart, at least. */
const APART = 3;
/** A surface that was asked n times counts for its open cells / (1 + n) to this power. */
const PATIENCE = 1.5;

/**
 * Prompts where LiDAR points say that there is something: one after the other in the surface of which most lies open (in
 * no mask yet), at the open cell farthest from the surface's edge and from its earlier prompts. A surface that no prompt was
 * spent on counts cells inside masks of a large part of the picture as open: such a mask may have swallowed it. Sky, and
 * whatever else returns no LiDAR pulse, is not prompted.
 */
export function lidarPrompts(cells: LidarCells): PromptSource {
  const { columns, surfaces, x, y } = cells;
  const inside = insideDistance(cells);
  // Cells that each cell lies from its surface's edge (twice over) or from the nearest earlier prompt there.
  const room = inside.map((cellsInside) => 2 * cellsInside);
  const asked = new Int32Array(surfaces.length);
  const ask = (surface: number, place: number): void => {
    asked[surface]!++;
    const [px, py] = [place % columns, Math.floor(place / columns)];
    for (const cell of surfaces[surface]!) {
      const away = Math.max(Math.abs((cell % columns) - px), Math.abs(Math.floor(cell / columns) - py));
      if (away < room[cell]!) room[cell] = away;
    }
  };
  return {
    next: (coverage) => {
      let best = { worth: 0, cell: -1, surface: -1 };
      for (const [s, members] of surfaces.entries()) {
        const earlier = asked[s]!;
        const patience = (1 + earlier) ** PATIENCE;
        if (members.length < MIN_CELLS || members.length / patience <= best.worth) continue;
        let [open, place, most] = [0, -1, 0];
        for (const cell of members) {
          if (coverage.spares(x[cell]!, y[cell]!, earlier === 0 ? 1 : 0)) continue;
          open++;
          const free = room[cell]!;
          if (free > most && (earlier === 0 || free >= Math.min(APART, 2 * inside[cell]!)))
            [place, most] = [cell, free];
        }
        if (open < MIN_CELLS || place < 0 || open / patience <= best.worth) continue;
        best = { worth: open / patience, cell: place, surface: s };
      }
      if (best.cell < 0) return undefined;
      ask(best.surface, best.cell);
      return { x: x[best.cell]!, y: y[best.cell]! };
    },
  };
}

/**
 * How many cells each cell lies from its surface's edge, 1 at the edge. Empty cells between two of a surface
 * are no edge: no point happened to fall there.
 */
function insideDistance({ columns, rows, surface }: LidarCells): Int32Array {
  const owner = surface.slice();
  fillGaps(owner, columns, rows, columns, 1);
  fillGaps(owner, rows, columns, 1, columns);
  const distance = new Int32Array(owner.length);
  const queue = new Int32Array(owner.length);
  let length = 0;
  const isEdge = (cell: number): boolean => {
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    if (column === 0 || row === 0 || column === columns - 1 || row === rows - 1) return true;
    return [1, -1, columns, -columns].some((step) => owner[cell + step] !== owner[cell]);
  };
  for (let cell = 0; cell < owner.length; cell++)
    if (owner[cell]! >= 0 && isEdge(cell)) {
      distance[cell] = 1;
      queue[length++] = cell;
    }
  for (let head = 0; head < length; head++) {
    const cell = queue[head]!;
    for (const step of [1, -1, columns, -columns]) {
      const other = cell + step;
      if (owner[other] !== owner[cell] || distance[other] !== 0) continue;
      distance[other] = distance[cell]! + 1;
      queue[length++] = other;
    }
  }
  return distance;
}

/** Along each of `lines`, gives the empty cells between two of one surface to it. */
function fillGaps(owner: Int32Array, lines: number, length: number, step: number, apart: number): void {
  for (let line = 0; line < lines; line++) {
    let last = -1;
    for (let i = 0; i < length; i++) {
      const cell = line * apart + i * step;
      if (owner[cell]! < 0) continue;
      if (last >= 0 && owner[last] === owner[cell])
        for (let gap = last + step; gap < cell; gap += step) owner[gap] = owner[cell]!;
      last = cell;
    }
  }
}
