import type { CapturePart } from './index/layout.js';
import { type CaptureRef, firstNotBefore, type SceneCaptures } from './scene-captures.js';

/** The reading of a channel that is nearest in time, of two the earlier. */
const nearest = (
  parts: readonly (CapturePart | undefined)[],
  channel: number,
  timestamp: number,
): CaptureRef | undefined => {
  let best: CaptureRef | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    if (!part) continue;
    const after = firstNotBefore(part, channel, timestamp);
    for (const row of [after - 1, after]) {
      if (row < part.channelStart[channel] || row >= part.channelStart[channel + 1]) continue;
      const time = part.timestamps[row];
      const apart = Math.abs(time - timestamp);
      if (apart > distance || (apart === distance && time >= best!.part.timestamps[best!.row])) continue;
      best = { part, row };
      distance = apart;
    }
  }
  return best;
};

const ofSample = (part: CapturePart, channel: number, sample: number): CaptureRef | undefined => {
  for (let row = part.channelStart[channel]; row < part.channelStart[channel + 1]; row++)
    if (part.samples[row] === sample) return { part, row };
  return undefined;
};

/**
 * The pictures of a sweep, in the official order of cameras: a key frame has those of its own sample, a sweep between
 * key frames the nearest in time of every camera.
 */
export const pairCameras = (scene: SceneCaptures, { part, row }: CaptureRef): readonly CaptureRef[] => {
  const { keyframes, cameraSweeps } = scene;
  const channels = part.channelStart.length - 1;
  return Array.from({ length: channels - 1 }, (_, camera) =>
    part === keyframes
      ? ofSample(part, camera + 1, part.samples[row])
      : nearest([keyframes, cameraSweeps], camera + 1, part.timestamps[row]),
  ).filter((ref) => ref !== undefined);
};
