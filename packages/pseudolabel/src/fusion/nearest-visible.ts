/**
 * Which projected points nothing nearer hides, by a sparse z-buffer: a point is hidden when a point around its pixel
 * is nearer by more than the tolerance. The cheap rival of asking a NeRF for transmittance.
 *
 * @param u [N] pixels @param v [N] pixels
 * @param depth [N] metres in front of the camera.
 * @param visible [N] 0 where a point is out of view already.
 * @param radius pixels around a point that it hides; about the distance between neighbouring LiDAR beams in the picture.
 * @param tolerance metres, plus `relative` times the depth.
 * @returns [N] 1 where visible.
 */
export function nearestVisible(
  {
    u,
    v,
    depth,
    visible,
  }: {
    readonly u: ArrayLike<number>;
    readonly v: ArrayLike<number>;
    readonly depth: ArrayLike<number>;
    readonly visible?: ArrayLike<number>;
  },
  width: number,
  height: number,
  { radius = 3, tolerance = 0.5, relative = 0.03 } = {},
): Uint8Array {
  const nearest = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY);
  const result = new Uint8Array(u.length);
  const inView = (i: number): boolean =>
    (visible === undefined || visible[i] !== 0) &&
    u[i]! >= 0 &&
    v[i]! >= 0 &&
    u[i]! < width &&
    v[i]! < height;
  for (let i = 0; i < u.length; i++) {
    if (!inView(i)) continue;
    const x = Math.floor(u[i]!);
    const y = Math.floor(v[i]!);
    for (let py = Math.max(0, y - radius); py <= Math.min(height - 1, y + radius); py++)
      for (let px = Math.max(0, x - radius); px <= Math.min(width - 1, x + radius); px++)
        if (depth[i]! < nearest[py * width + px]!) nearest[py * width + px] = depth[i]!;
  }
  for (let i = 0; i < u.length; i++) {
    if (!inView(i)) continue;
    const front = nearest[Math.floor(v[i]!) * width + Math.floor(u[i]!)]!;
    if (depth[i]! <= front + tolerance + relative * front) result[i] = 1;
  }
  return result;
}
