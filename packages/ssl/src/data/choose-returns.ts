import type { Random } from '@nerfseg/geometry';

/**
 * Chooses LiDAR returns for ray supervision: class after class in turn, at random within a class, so that a pole is
 * drawn as often as the road. Points of class 0 form one class of their own when `unlabelled` is set, and are left out
 * otherwise.
 *
 * @param labels [N] class ids
 * @param budget most returns to choose
 * @param candidates [N] 1 where a point may be chosen; default all
 * @returns [at most budget] point indices
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
    const label = labels[i]!;
    if (label === 0 && !unlabelled) continue;
    const points = byClass.get(label);
    if (points) points.push(i);
    else byClass.set(label, [i]);
  }
  let queues = [...byClass.values()];
  const chosen: number[] = [];
  while (queues.length > 0 && chosen.length < budget) {
    for (const queue of queues) {
      if (chosen.length === budget) break;
      // Swap-remove a random element: without replacement, without shuffling a hundred thousand points.
      const k = random.int(queue.length);
      chosen.push(queue[k]!);
      queue[k] = queue[queue.length - 1]!;
      queue.pop();
    }
    queues = queues.filter((queue) => queue.length > 0);
  }
  return Int32Array.from(chosen);
}
