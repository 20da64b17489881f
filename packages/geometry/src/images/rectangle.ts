/** A part of an image: whole pixels. */
export interface Rectangle {
  /** First column and row. */
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @throws RangeError unless the rectangle is some pixels of an image of this size. */
export const checkRectangle = (part: Rectangle, width: number, height: number): void => {
  const { left, top } = part;
  const whole = [left, top, part.width, part.height].every(Number.isInteger);
  const inside = left >= 0 && top >= 0 && left + part.width <= width && top + part.height <= height;
  if (!(whole && inside && part.width > 0 && part.height > 0))
    throw new RangeError(
      `${part.width} x ${part.height} at ${left}, ${top} is no part of an image of ${width} x ${height}`,
    );
};
