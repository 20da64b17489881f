import type { Capture, SceneCaptures } from './captures.js';

/** Around the car, as the official viewer lists them. */
const officialOrder = [
  'CAM_FRONT',
  'CAM_FRONT_RIGHT',
  'CAM_BACK_RIGHT',
  'CAM_BACK',
  'CAM_BACK_LEFT',
  'CAM_FRONT_LEFT',
];

const rank = (channel: string): number => {
  const index = officialOrder.indexOf(channel);
  return index < 0 ? officialOrder.length : index;
};

const nearest = (captures: readonly Capture[], timestamp: number): Capture => {
  let low = 0;
  let high = captures.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (captures[middle].timestamp < timestamp) low = middle + 1;
    else high = middle;
  }
  const before = captures[low - 1];
  return before && timestamp - before.timestamp <= captures[low].timestamp - timestamp
    ? before
    : captures[low];
};

/**
 * The pictures of each sweep of a scene, in the scene's order of sweeps: a key frame has those of its own sample,
 * a sweep between key frames the nearest in time of every camera.
 */
export const pairCameras = (scene: SceneCaptures): readonly (readonly Capture[])[] => {
  const channels = [...scene.cameras.entries()].sort(
    ([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0),
  );
  const keyframes = channels.map(
    ([, captures]) => new Map(captures.filter((c) => c.keyframe).map((c) => [c.sample, c])),
  );
  return scene.lidar.map((sweep) =>
    channels.flatMap(([, captures], c) => {
      const capture = sweep.keyframe ? keyframes[c].get(sweep.sample) : nearest(captures, sweep.timestamp);
      return capture ? [capture] : [];
    }),
  );
};
