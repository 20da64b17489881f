/**
 * Every `stride`-th pixel of an image, row by row, taken from the middle of each stride x stride block.
 *
 * @returns [R*2] column, row.
 */
export const pixelGrid = (width: number, height: number, stride = 1): Int32Array => {
  if (!(Number.isInteger(stride) && stride > 0))
    throw new RangeError(`stride: found ${stride}, expected >= 1`);
  const first = Math.floor((stride - 1) / 2);
  const columns = Math.max(0, Math.ceil((width - first) / stride));
  const rows = Math.max(0, Math.ceil((height - first) / stride));
  const pixels = new Int32Array(columns * rows * 2);
  let k = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      pixels[k++] = first + column * stride;
      pixels[k++] = first + row * stride;
    }
  }
  return pixels;
};
