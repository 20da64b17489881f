import type { Random } from '@nerfseg/geometry';

/**
 * Chooses LiDAR returns for ray supervision: a class of n points gets a share of the budget that grows with sqrt(n), and
 * points are drawn at random within it. A pole is thus drawn far oftener than uniform sampling would, and the classes keep
 * the proportions that inverse-sqrt class weights give the voxel loss: the loss on these rays needs no class weights of its own.
 *
 * @param labels [N] class ids
 * @param budget most returns to choose
 * @param candidates [N] 1 where a point may be chosen; default all
 * @param unlabelled whether points of class 0 take part, as one more class. Default false
 * @returns [at most budget] point indices, no index twice
 */
export function chooseReturns(
  labels: Uint8Array,
  budget: number,
  random: Random,
  {
    unlabelled = false,
    candidates,
  }: { readonly unlabelled?: boolean; readonly candidates?: Uint8Array } = {},
): Int32Array {
  const byClass = new Map<number, number[]>();
  for (let i = 0; i < labels.length; i++) {
    if (candidates && candidates[i] === 0) continue;
    const label = labels[i];
    if (label === 0 && !unlabelled) continue;
    const points = byClass.get(label);
    if (points) points.push(i);
    else byClass.set(label, [i]);
  }
  const classes = [...byClass.values()];
  const chosen: number[] = [];
  for (const [c, count] of quotas(
    classes.map((points) => points.length),
    budget,
  ).entries()) {
    const points = classes[c];
    for (let n = 0; n < count; n++) {
      // The first n places hold what was drawn already: a partial Fisher-Yates, without shuffling every point.
      const k = n + random.int(points.length - n);
      chosen.push(points[k]);
      points[k] = points[n];
    }
  }
  return Int32Array.from(chosen);
}

/** Shares of the budget that grow with sqrt(size), none above its size, as near to the budget as the sizes allow. */
function quotas(sizes: readonly number[], budget: number): number[] {
  const given = sizes.map(() => 0);
  let left = Math.min(
    budget,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  while (left > 0) {
    const open = sizes.map((size, c) => (given[c] < size ? Math.sqrt(size) : 0));
    const total = open.reduce((sum, share) => sum + share, 0);
    let spent = 0;
    for (let c = 0; c < sizes.length && spent < left; c++) {
      // At least one each, so that every round makes progress and the rarest class is never rounded away.
      const share = open[c] === 0 ? 0 : Math.max(1, Math.floor((left * open[c]) / total));
      const more = Math.min(share, sizes[c] - given[c], left - spent);
      given[c] += more;
      spent += more;
    }
    left -= spent;
  }
  return given;
}
