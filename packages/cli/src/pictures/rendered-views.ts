import { type Image, image, type LabelSpace, type PixelSemantics } from '@nerfseg/geometry';
import { type Color, enlarged } from './canvas.js';
import { classColors, entropyColor } from './colors.js';

/** What is behind everything: rays that hit nothing. */
export const skyColor: Color = [58, 66, 84];

/** One colour per rendered pixel, row by row, each drawn as a block of `stride` pixels. */
function blocks(columns: number, stride: number, count: number, colorOf: (ray: number) => Color): Image {
  const small = image(columns, count / columns);
  for (let ray = 0; ray < count; ray++) small.data.set(colorOf(ray), ray * 3);
  return enlarged(small, stride);
}

/** The likeliest class of every ray, [R]; 0 where its opacity is below `minOpacity`. */
export function classesOfRays(
  { numClasses, probabilities, opacity }: PixelSemantics,
  minOpacity: number,
): Uint8Array {
  return Uint8Array.from(opacity, (seen, ray) => {
    if (seen < minOpacity) return 0;
    let best = 1;
    for (let c = 2; c < numClasses; c++)
      if (probabilities[ray * numClasses + c]! > probabilities[ray * numClasses + best]!) best = c;
    return best;
  });
}

/**
 * The class of every rendered pixel; sky where it is 0.
 *
 * @param classes as `classesOfRays` has them.
 * @param columns rendered pixels per row.
 */
export function drawSemantics(
  classes: Uint8Array,
  labelSpace: LabelSpace,
  columns: number,
  stride: number,
): Image {
  const colors = classColors(labelSpace);
  return blocks(columns, stride, classes.length, (ray) =>
    classes[ray] === 0 ? skyColor : colors[classes[ray]!]!,
  );
}

/** The entropy of every rendered pixel: dark is sure, bright is not. */
export const drawEntropy = ({ entropy }: PixelSemantics, columns: number, stride: number): Image =>
  blocks(columns, stride, entropy.length, (ray) => entropyColor(entropy[ray]!));

/** True classes of a picture's pixels; ids beyond the label space are sky. */
export function drawClasses(classes: Uint8Array, width: number, labelSpace: LabelSpace): Image {
  const colors = classColors(labelSpace);
  return blocks(width, 1, classes.length, (pixel) => colors[classes[pixel]!] ?? skyColor);
}
