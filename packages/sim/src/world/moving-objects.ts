import type { World } from './world.js';

/** Seconds over which displacement is looked at. */
const apart = 0.1;

/**
 * Ids of the objects that move at a time: those displaced at `least` metres per second or more. Whoever waits at a light does not.
 *
 * @param time seconds of the scene.
 */
export const movingObjects = ({ movers }: World, time: number, least = 0.3): ReadonlySet<number> => {
  const before = new Float64Array(16);
  const after = new Float64Array(16);
  const found = new Set<number>();
  for (const mover of movers) {
    mover.poseAt(time - apart / 2, before);
    mover.poseAt(time + apart / 2, after);
    const way = Math.hypot(after[12] - before[12], after[13] - before[13], after[14] - before[14]);
    if (way < least * apart) continue;
    // A rider and what is ridden are two objects of one mover.
    for (const id of mover.postures[0]().mesh.object) if (id !== 0) found.add(id);
  }
  return found;
};
