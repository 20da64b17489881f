import type { CaptureRef, SceneCaptures } from './scene-captures.js';

/** The frames of scenes, one scene after another, each by time. */
export interface FrameTable {
  readonly length: number;
  /** Frame `i`, 0 <= i < length. */
  readonly at: (i: number) => { readonly scene: SceneCaptures; readonly ref: CaptureRef };
}

/**
 * Finds frames by number, without an object for each of them: v1.0-trainval has 343,100 sweeps.
 *
 * @param keyframesOnly whether the sweeps between key frames are left out.
 */
export const frameTable = (scenes: readonly SceneCaptures[], keyframesOnly: boolean): FrameTable => {
  const starts = [0];
  for (const { keyframes, lidarSweeps } of scenes)
    starts.push(starts.at(-1)! + sweeps(keyframes) + (keyframesOnly ? 0 : sweeps(lidarSweeps)));
  const orders: (Uint32Array | undefined)[] = [];
  return {
    length: starts.at(-1)!,
    at: (i) => {
      // The last scene that begins at or before i.
      let s = 0;
      for (let end = scenes.length; end - s > 1; ) {
        const middle = (s + end) >> 1;
        if (starts[middle] <= i) s = middle;
        else end = middle;
      }
      const scene = scenes[s];
      if (keyframesOnly) return { scene, ref: { part: scene.keyframes, row: i - starts[s] } };
      const sweep = (orders[s] ??= byTime(scene))[i - starts[s]];
      const between = sweep - sweeps(scene.keyframes);
      const ref =
        between < 0 ? { part: scene.keyframes, row: sweep } : { part: scene.lidarSweeps, row: between };
      return { scene, ref };
    },
  };
};

const sweeps = ({ channelStart }: SceneCaptures['keyframes']): number => channelStart[1];

/** Key frames (first, where times are equal) and the sweeps between by time, numbered key frames first. */
const byTime = ({ keyframes, lidarSweeps }: SceneCaptures): Uint32Array => {
  const [a, b] = [sweeps(keyframes), sweeps(lidarSweeps)];
  const order = new Uint32Array(a + b);
  for (let k = 0, s = 0; k + s < order.length; ) {
    const keyframeFirst = s === b || (k < a && keyframes.timestamps[k] <= lidarSweeps.timestamps[s]);
    order[k + s] = keyframeFirst ? k : a + s;
    if (keyframeFirst) k++;
    else s++;
  }
  return order;
};
