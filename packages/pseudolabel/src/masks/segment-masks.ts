import type { RunLengths, SegmentMasks } from '@nerfseg/geometry';

/**
 * Puts masks together with what can be computed of them: area and bounding box. Empty masks are left out.
 *
 * @param masks row-major run lengths over width * height.
 * @param score one quality estimate per mask.
 * @throws RangeError when a mask's runs do not sum to width * height, or the counts differ.
 */
export function segmentMasks(
  width: number,
  height: number,
  masks: readonly RunLengths[],
  score: ArrayLike<number>,
): SegmentMasks {
  if (masks.length !== score.length)
    throw new RangeError(`segmentMasks: ${masks.length} masks, ${score.length} scores`);
  const areas = masks.map((runs) => areaOf(runs, width * height));
  const kept = masks.map((_, m) => m).filter((m) => areas[m]! > 0);
  const box = new Int32Array(kept.length * 4);
  kept.forEach((m, k) => {
    box.set(boxOf(masks[m]!, width), k * 4);
  });
  return {
    width,
    height,
    masks: kept.map((m) => masks[m]!),
    score: Float32Array.from(kept, (m) => score[m]!),
    area: Uint32Array.from(kept, (m) => areas[m]!),
    box,
  };
}

function areaOf(runs: RunLengths, size: number): number {
  let total = 0;
  let area = 0;
  for (let r = 0; r < runs.length; r++) {
    total += runs[r]!;
    if (r % 2 === 1) area += runs[r]!;
  }
  if (total !== size) throw new RangeError(`segmentMasks: runs sum to ${total}, not ${size}`);
  return area;
}

/** x0, y0, x1, y1, the last two exclusive. */
function boxOf(runs: RunLengths, width: number): [number, number, number, number] {
  let [x0, y0, x1, y1] = [width, Number.MAX_SAFE_INTEGER, 0, 0];
  let at = 0;
  for (let r = 0; r < runs.length; r++) {
    const end = at + runs[r]!;
    if (r % 2 === 1 && end > at) {
      const firstRow = Math.floor(at / width);
      const lastRow = Math.floor((end - 1) / width);
      y0 = Math.min(y0, firstRow);
      y1 = Math.max(y1, lastRow + 1);
      // A run over a line's end touches both edges of the picture.
      x0 = Math.min(x0, firstRow === lastRow ? at % width : 0);
      x1 = Math.max(x1, firstRow === lastRow ? ((end - 1) % width) + 1 : width);
    }
    at = end;
  }
  return [x0, y0, x1, y1];
}
