/**
 * Steps (4-connected) from each pixel to its segment's border, up to `limit`: 0 at a pixel beside another segment.
 * The picture's edge is no border.
 *
 * @param labels [H*W] segment of each pixel, or -1.
 */
export function borderDistance(labels: Int32Array, width: number, height: number, limit: number): Uint8Array {
  const distance = new Uint8Array(labels.length).fill(limit);
  let front: number[] = [];
  const neighbours = (pixel: number): number[] => {
    const x = pixel % width;
    const result: number[] = [];
    if (x > 0) result.push(pixel - 1);
    if (x < width - 1) result.push(pixel + 1);
    if (pixel >= width) result.push(pixel - width);
    if (pixel < width * (height - 1)) result.push(pixel + width);
    return result;
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const label = labels[pixel];
      const atBorder =
        (x > 0 && labels[pixel - 1] !== label) ||
        (x < width - 1 && labels[pixel + 1] !== label) ||
        (y > 0 && labels[pixel - width] !== label) ||
        (y < height - 1 && labels[pixel + width] !== label);
      if (!atBorder) continue;
      distance[pixel] = 0;
      front.push(pixel);
    }
  }
  for (let steps = 1; steps < limit; steps++) {
    const next: number[] = [];
    for (const pixel of front)
      for (const n of neighbours(pixel))
        if (labels[n] === labels[pixel] && distance[n]! > steps) {
          distance[n] = steps;
          next.push(n);
        }
    front = next;
  }
  return distance;
}
