import type { CameraView } from '@nerfseg/datasets';
import { type FusedSegment, projectPoints, type SegmentMasks } from '@nerfseg/geometry';
import { segmentsAtPixels } from '@nerfseg/pseudolabel';
import { zBufferVisibility } from '@nerfseg/render';

/**
 * Carries the classes of kept segments to the LiDAR points that the camera sees inside them: a thin object's rays mostly
 * miss its coarse voxels, its points do not (the method's trials, lesson 5).
 *
 * @param positions [N*3] metres, un-augmented LiDAR frame
 * @param into [N] pseudo-labels; only zeros are overwritten
 */
export function segmentPoints(
  positions: Float32Array,
  camera: CameraView,
  masks: SegmentMasks,
  segments: readonly FusedSegment[],
  into: Uint8Array,
): void {
  const classOfMask = new Uint8Array(masks.masks.length);
  for (const { mask, classId } of segments) classOfMask[mask] = classId;
  const { u, v, depth } = projectPoints(positions, camera.cameraFromLidar, camera);
  const visible = zBufferVisibility(u, v, depth, camera);
  const pixels = new Int32Array(into.length * 2).fill(-1);
  for (let n = 0; n < into.length; n++) {
    if (visible[n] === 0) continue;
    pixels[n * 2] = Math.floor(u[n]!);
    pixels[n * 2 + 1] = Math.floor(v[n]!);
  }
  const segmentOf = segmentsAtPixels(masks, pixels);
  for (let n = 0; n < into.length; n++) {
    const mask = segmentOf[n]!;
    if (mask >= 0 && into[n] === 0) into[n] = classOfMask[mask]!;
  }
}
