/** A part of the picture, in pixels; x1, y1 exclusive. */
export interface CropBox {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
  /** 0: the picture itself. */
  readonly layer: number;
}

/**
 * The picture itself, then for each layer i = 1..layers a 2^i x 2^i arrangement of overlapping crops, column by column.
 *
 * @param overlapRatio overlap of neighbours as a share of the shorter side, halved with each layer, as in the original
 * generator (`generate_crop_boxes`).
 */
export function cropBoxes(width: number, height: number, layers: number, overlapRatio: number): CropBox[] {
  const boxes: CropBox[] = [{ x0: 0, y0: 0, x1: width, y1: height, layer: 0 }];
  for (let layer = 1; layer <= layers; layer++) {
    const side = 2 ** layer;
    const overlap = Math.floor((overlapRatio * Math.min(width, height) * 2) / side);
    const cropWidth = Math.ceil((overlap * (side - 1) + width) / side);
    const cropHeight = Math.ceil((overlap * (side - 1) + height) / side);
    for (let column = 0; column < side; column++)
      for (let row = 0; row < side; row++) {
        const x0 = (cropWidth - overlap) * column;
        const y0 = (cropHeight - overlap) * row;
        const [x1, y1] = [Math.min(x0 + cropWidth, width), Math.min(y0 + cropHeight, height)];
        if (x1 > x0 && y1 > y0) boxes.push({ x0, y0, x1, y1, layer });
      }
  }
  return boxes;
}
