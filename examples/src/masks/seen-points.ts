import type { CameraView, Frame } from '@nerfseg/datasets';
import { projectPoints, zBufferVisibility } from '@nerfseg/geometry';
import { isNone } from 'fp-ts/lib/Option.js';
import { need } from '../runner/need.js';
import type { SeenPoints } from './tally-masks.js';

/** The points of a frame that one of its cameras sees; undefined where the frame has no labels. */
export async function seenPoints(frame: Frame, view: CameraView): Promise<SeenPoints | undefined> {
  const labels = await need(frame.labels());
  if (isNone(labels)) return undefined;
  const { positions } = await need(frame.points());
  const { u, v, depth } = projectPoints(positions, view.cameraFromLidar, view);
  const visible = zBufferVisibility(u, v, depth, view);
  const seen = [...visible.keys()].filter((n) => visible[n] === 1);
  return {
    pixels: Int32Array.from({ length: 2 * seen.length }, (_, i) =>
      Math.floor((i % 2 === 0 ? u : v)[seen[i >> 1]!]!),
    ),
    labels: Uint8Array.from(seen, (n) => labels.value[n]!),
  };
}
