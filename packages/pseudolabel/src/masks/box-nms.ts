/**
 * Greedy non-maximum suppression on boxes: from the best score down, a box stays unless it overlaps one that stayed
 * with an intersection over union above `threshold`. Ties in score go to the lower index.
 *
 * @param boxes [N*4] x0, y0, x1, y1.
 * @returns the indices that stay, best first.
 * @throws RangeError for other than four numbers a score.
 */
export function boxNms(boxes: ArrayLike<number>, scores: ArrayLike<number>, threshold: number): number[] {
  if (boxes.length !== scores.length * 4)
    throw new RangeError(`boxNms: ${boxes.length} numbers, ${scores.length} scores`);
  const order = Array.from({ length: scores.length }, (_, i) => i);
  order.sort((a, b) => scores[b]! - scores[a]! || a - b);
  const kept: number[] = [];
  for (const i of order) if (kept.every((k) => boxIou(boxes, i, k) <= threshold)) kept.push(i);
  return kept;
}

function boxIou(boxes: ArrayLike<number>, a: number, b: number): number {
  const [ax0, ay0, ax1, ay1] = [boxes[4 * a]!, boxes[4 * a + 1]!, boxes[4 * a + 2]!, boxes[4 * a + 3]!];
  const [bx0, by0, bx1, by1] = [boxes[4 * b]!, boxes[4 * b + 1]!, boxes[4 * b + 2]!, boxes[4 * b + 3]!];
  // Boxes of a single line have no area when their last pixel is inclusive; the same one twice is the same all the same.
  if (ax0 === bx0 && ay0 === by0 && ax1 === bx1 && ay1 === by1) return 1;
  const width = Math.min(ax1, bx1) - Math.max(ax0, bx0);
  const height = Math.min(ay1, by1) - Math.max(ay0, by0);
  if (width <= 0 || height <= 0) return 0;
  const both = width * height;
  return both / ((ax1 - ax0) * (ay1 - ay0) + (bx1 - bx0) * (by1 - by0) - both);
}
