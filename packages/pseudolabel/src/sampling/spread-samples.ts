/**
 * For every pixel the nearest sample inside its own segment (4-connected steps), or -1 where none can be reached.
 *
 * @param labels [H*W] segment of each pixel, or -1.
 * @param pixels [R*2] column, row of the samples; those outside of the picture are passed over.
 */
export function spreadSamples(
  labels: Int32Array,
  width: number,
  height: number,
  pixels: Int32Array,
): Int32Array {
  const nearest = new Int32Array(labels.length).fill(-1);
  const queue = new Int32Array(labels.length);
  let tail = 0;
  const visit = (pixel: number, sample: number): void => {
    if (nearest[pixel] !== -1) return;
    nearest[pixel] = sample;
    queue[tail++] = pixel;
  };
  for (let r = 0; r < pixels.length >> 1; r++) {
    const [x, y] = [pixels[2 * r]!, pixels[2 * r + 1]!];
    if (x >= 0 && y >= 0 && x < width && y < height && labels[y * width + x]! >= 0) visit(y * width + x, r);
  }
  for (let head = 0; head < tail; head++) {
    const pixel = queue[head]!;
    const label = labels[pixel];
    const sample = nearest[pixel]!;
    const x = pixel % width;
    if (x > 0 && labels[pixel - 1] === label) visit(pixel - 1, sample);
    if (x < width - 1 && labels[pixel + 1] === label) visit(pixel + 1, sample);
    if (pixel >= width && labels[pixel - width] === label) visit(pixel - width, sample);
    if (pixel + width < labels.length && labels[pixel + width] === label) visit(pixel + width, sample);
  }
  return nearest;
}
