import { type Image, type PinholeCamera, type PointCloud, type Pose, projectPoints } from '@nerfseg/geometry';

/** Points that end an object to one side: the neighbour in the scan's order lies half a metre or more behind. */
const silhouettes = ({ positions }: PointCloud, order: Int32Array): number[] => {
  const [hypot, atan2] = [Math.hypot, Math.atan2];
  const count = order.length;
  const range = new Float32Array(count);
  const azimuth = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const [x, y, z] = positions.subarray(order[at] * 3, order[at] * 3 + 3);
    range[at] = hypot(x, y, z);
    azimuth[at] = atan2(y, x);
  }
  const isBehind = (at: number, other: number): boolean => {
    const turn = azimuth[at] - azimuth[other];
    return turn < 0.02 && turn > -0.02 && range[other] - range[at] > 0.5 + 0.05 * range[at];
  };
  const found: number[] = [];
  for (let at = 1; at + 1 < count; at++)
    if (range[at] < 40 && (isBehind(at, at - 1) || isBehind(at, at + 1))) found.push(order[at]);
  return found;
};

/** [1 2 1] / 4 along `step`. Plain loops: whole pictures go through here. */
const smooth = (from: Float32Array, step: number): Float32Array => {
  const to = new Float32Array(from.length);
  const end = from.length - step;
  for (let i = step; i < end; i++) to[i] = (from[i - step] + 2 * from[i] + from[i + step]) / 4;
  return to;
};

/** How fast brightness changes across each pixel, after smoothing over three by three; capped, so that no edge rules. */
const horizontalEdges = ({ data, shape: [height, width] }: Image): Float32Array => {
  const count = width * height;
  const grey = new Float32Array(count);
  for (let i = 0, d = 0; i < count; i++, d += 3) grey[i] = (data[d] + data[d + 1] + data[d + 2]) / 3;
  const even = smooth(smooth(grey, 1), width);
  const edges = new Float32Array(count);
  for (let i = 1; i + 1 < count; i++) {
    const slope = (even[i + 1] - even[i - 1]) / 2;
    const steep = slope < 0 ? -slope : slope;
    edges[i] = Math.min(steep, 30);
  }
  return smooth(smooth(edges, 1), width);
};

export interface SeenScan {
  readonly points: PointCloud;
  readonly camera: PinholeCamera;
  readonly cameraFromLidar: Pose;
  readonly picture: Image;
}

/**
 * How much brightness changes, on average, where the scans' silhouettes fall in the pictures moved by `shift` pixels to
 * the right: largest where points and pixels belong together.
 */
export const edgeAlignment = (scans: readonly SeenScan[]): ((shift: number) => number) => {
  const prepared = scans.map(({ points, camera, cameraFromLidar, picture }) => {
    const { u, v, visible } = projectPoints(points.positions, cameraFromLidar, camera);
    const { ring } = points;
    const order = Int32Array.from(points.intensity.keys());
    // KITTI's scans are stored beam by beam, nuScenes' azimuth by azimuth.
    if (ring) order.sort((a, b) => ring[a] - ring[b] || a - b);
    const seen = silhouettes(points, order).filter((i) => visible[i]);
    return { u, v, seen, edges: horizontalEdges(picture), width: camera.width };
  });
  return (shift) => {
    let sum = 0;
    let count = 0;
    const { floor } = Math;
    for (const { u, v, seen, edges, width } of prepared)
      for (const i of seen) {
        const x = u[i] + shift - 0.5;
        const left = floor(x);
        if (left < 0 || left + 1 >= width) continue;
        const at = floor(v[i]) * width + left;
        sum += edges[at] * (left + 1 - x) + edges[at + 1] * (x - left);
        count++;
      }
    return sum / count;
  };
};

/** The shift from -reach to reach, in half pixels, at which the alignment is best. */
export const bestShift = (alignment: (shift: number) => number, reach: number): number => {
  const shifts = Array.from({ length: reach * 4 + 1 }, (_, i) => i / 2 - reach);
  return shifts.reduce((best, shift) => (alignment(shift) > alignment(best) ? shift : best));
};
