import { type CaptureRef, firstNotBefore, type SceneCaptures } from './scene-captures.js';

/** A sweep and those before it in its scene, newest first: at most `count`, the sweep itself always. */
export const pastSweeps = (
  { keyframes, lidarSweeps }: SceneCaptures,
  { part, row }: CaptureRef,
  count: number,
): readonly CaptureRef[] => {
  const refs: CaptureRef[] = [{ part, row }];
  const time = part.timestamps[row];
  let [k, s] = [keyframes, lidarSweeps].map((p) => firstNotBefore(p, 0, time) - 1);
  while (refs.length < count && (k >= 0 || s >= 0)) {
    if (s < 0 || (k >= 0 && keyframes.timestamps[k] >= lidarSweeps.timestamps[s]))
      refs.push({ part: keyframes, row: k-- });
    else refs.push({ part: lidarSweeps, row: s-- });
  }
  return refs;
};
