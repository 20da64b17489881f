/**
 * The nearest of some points within reach of each of others.
 *
 * @param of [N*3] metres.
 * @param among [M*3] metres, in the same frame.
 * @param reach metres, above 0.
 * @returns [N] row of the nearest one (of equally near ones the first), -1 where none is within reach.
 */
export function nearestPoints(of: Float32Array, among: Float32Array, reach: number): Int32Array {
  // Cubes of one reach, chained by hash: whatever is within reach lies in the 27 cubes around.
  const mask = 2 ** Math.ceil(Math.log2(Math.max(2, among.length / 3))) - 1;
  const slot = (x: number, y: number, z: number): number =>
    (Math.imul(x, 73856093) ^ Math.imul(y, 19349663) ^ Math.imul(z, 83492791)) & mask;
  const cube = (x: number): number => Math.floor(x / reach);
  const first = new Int32Array(mask + 1).fill(-1);
  const next = new Int32Array(among.length / 3);
  for (let m = next.length - 1; m >= 0; m--) {
    const at = slot(cube(among[3 * m]!), cube(among[3 * m + 1]!), cube(among[3 * m + 2]!));
    next[m] = first[at]!;
    first[at] = m;
  }
  const nearest = new Int32Array(of.length / 3).fill(-1);
  for (let n = 0; n < nearest.length; n++) {
    const [x, y, z] = [of[3 * n]!, of[3 * n + 1]!, of[3 * n + 2]!];
    const [i, j, k] = [cube(x), cube(y), cube(z)];
    let [best, least] = [-1, reach * reach];
    // Steps are counted, not cubes: beyond 2^53 cubes, where broken points lie, one more is the same one.
    for (let a = -1; a <= 1; a++)
      for (let b = -1; b <= 1; b++)
        for (let c = -1; c <= 1; c++)
          for (let m = first[slot(i + a, j + b, k + c)]!; m >= 0; m = next[m]!) {
            const away =
              (among[3 * m]! - x) ** 2 + (among[3 * m + 1]! - y) ** 2 + (among[3 * m + 2]! - z) ** 2;
            if (away < least || (away === least && (best < 0 || m < best))) [best, least] = [m, away];
          }
    nearest[n] = best;
  }
  return nearest;
}
