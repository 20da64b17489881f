/**
 * Steps (4-connected) from each pixel to its segment's border, up to `limit`: 0 at a pixel beside another segment.
 * The picture's edge is no border.
 *
 * @param labels [H*W] segment of each pixel, or -1.
 */
export function borderDistance(
  labels: Int32Array,
  width: number,
  height: number,
  limit: number,
): Float32Array {
  const distance = new Float32Array(labels.length).fill(limit);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const label = labels[pixel];
      if (
        (x > 0 && labels[pixel - 1] !== label) ||
        (x < width - 1 && labels[pixel + 1] !== label) ||
        (y > 0 && labels[pixel - width] !== label) ||
        (y < height - 1 && labels[pixel + width] !== label)
      )
        distance[pixel] = 0;
    }
  }
  // City-block distances in two sweeps. Labels need no second look: whoever crosses a border meets his own side first.
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (x > 0 && distance[pixel]! > distance[pixel - 1]! + 1) distance[pixel] = distance[pixel - 1]! + 1;
      if (y > 0 && distance[pixel]! > distance[pixel - width]! + 1)
        distance[pixel] = distance[pixel - width]! + 1;
    }
  }
  for (let y = height - 1; y >= 0; y--) {
    for (let x = width - 1; x >= 0; x--) {
      const pixel = y * width + x;
      if (x < width - 1 && distance[pixel]! > distance[pixel + 1]! + 1)
        distance[pixel] = distance[pixel + 1]! + 1;
      if (y < height - 1 && distance[pixel]! > distance[pixel + width]! + 1)
        distance[pixel] = distance[pixel + width]! + 1;
    }
  }
  return distance;
}
