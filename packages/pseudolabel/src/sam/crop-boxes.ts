/** A part of the picture, in pixels; x1, y1 exclusive. */
export interface CropBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * The picture itself, then for each layer i = 1..layers a 2^i x 2^i arrangement of overlapping crops.
 *
 * @param overlapRatio overlap of neighbours as a share of the shorter side, halved with each layer, as in the original
 * generator (`generate_crop_boxes`).
 */
export function cropBoxes(width: number, height: number, layers: number, overlapRatio: number): CropBox[] {
  const boxes: CropBox[] = [{ x0: 0, y0: 0, x1: width, y1: height }];
  for (let layer = 1; layer <= layers; layer++) {
    const side = 2 ** layer;
    const overlap = Math.floor((overlapRatio * Math.min(width, height) * 2) / side);
    const cropWidth = Math.ceil((overlap * (side - 1) + width) / side);
    const cropHeight = Math.ceil((overlap * (side - 1) + height) / side);
    for (let row = 0; row < side; row++)
      for (let column = 0; column < side; column++) {
        const x0 = (cropWidth - overlap) * column;
        const y0 = (cropHeight - overlap) * row;
        boxes.push({ x0, y0, x1: Math.min(x0 + cropWidth, width), y1: Math.min(y0 + cropHeight, height) });
      }
  }
  return boxes;
}
