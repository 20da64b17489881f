import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { adaptDecoder, decoderTensors } from './adapt-decoder.js';
import type { SamWeights } from './find-weights.js';
import { ENCODER_SIZE } from './prepare-image.js';

/** Side of the encoder's output, tokens of 16 x 16 input pixels, and logits of the decoder per token. */
const TOKENS = 64;
const LOGITS_PER_TOKEN = 4;
const CHANNELS = 256;
/** Logit-map pixels per pixel of the encoder's input. */
export const LOGIT_SCALE = (TOKENS * LOGITS_PER_TOKEN) / ENCODER_SIZE;

/** The masks that one prompt yields. */
export interface PromptMasks {
  /** [K*height*width] mask logits; K is 3 (part, object, whole) or 1. */
  readonly logits: Float32Array;
  /** [K] predicted intersection over union; it can exceed 1. */
  readonly iou: Float32Array;
}

/** A picture that the encoder has seen, ready for prompts. */
export interface EncodedPicture {
  /** Size of the logit maps: the picture, or the whole padded square. */
  readonly width: number;
  readonly height: number;
  /** One positive point, in pixels of the encoder's input. */
  readonly decode: (x: number, y: number) => Promise<PromptMasks>;
}

/** The two halves of Segment-Anything as plain functions. */
export interface SamNetwork {
  /** Tells one set of weights from another: a hash of both files. */
  readonly digest: string;
  /** input [3*1024*1024] as `prepareImage` makes it, of which the picture fills width x height. */
  readonly encode: (input: Float32Array, width: number, height: number) => Promise<EncodedPicture>;
  readonly close: () => Promise<void>;
}

/** A decoder for one number of tokens. */
interface Decoder {
  readonly session: InferenceSession;
  readonly masks: string;
  readonly scores: string;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Loads both models. Rejects with onnxruntime's or the file system's error.
 *
 * @param trimPadding decode only the tokens that the picture fills; needs a decoder that `adaptDecoder` knows.
 */
export async function loadSamNetwork(
  weights: SamWeights,
  threads: number,
  trimPadding: boolean,
): Promise<SamNetwork> {
  // Imported here, so that the rest of the package works where the native runtime does not.
  const onnx = await import('onnxruntime-node');
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    // Threads that wait by spinning cost little alone and much beside other work.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  const encoderModel = new Uint8Array(await readFile(weights.encoder));
  const decoderModel = new Uint8Array(await readFile(weights.decoder));
  const encoder = await onnx.InferenceSession.create(encoderModel, options);
  const tensor = (data: Float32Array, dims: number[]): Tensor => new onnx.Tensor('float32', data, dims);

  const load = async (rows: number, columns: number): Promise<Decoder> => {
    const adapted = adaptDecoder(decoderModel, rows, columns);
    const session = await onnx.InferenceSession.create(adapted ?? decoderModel, options);
    return adapted === undefined
      ? { session, masks: 'low_res_masks', scores: 'iou_predictions', rows: TOKENS, columns: TOKENS }
      : { session, ...decoderTensors, rows, columns };
  };
  const loaded = new Map<string, Promise<Decoder>>();
  const decoderFor = (rows: number, columns: number): Promise<Decoder> => {
    const size = `${rows} x ${columns}`;
    const decoder = loaded.get(size) ?? load(rows, columns);
    loaded.set(size, decoder);
    return decoder;
  };

  const encode: SamNetwork['encode'] = async (input, width, height) => {
    const tokensOf = (side: number): number =>
      trimPadding ? Math.ceil((side * TOKENS) / ENCODER_SIZE) : TOKENS;
    const decoder = await decoderFor(tokensOf(height), tokensOf(width));
    const { session, rows, columns } = decoder;
    const dims = [1, 3, ENCODER_SIZE, ENCODER_SIZE];
    const encoded = await encoder.run({ [encoder.inputNames[0]!]: tensor(input, dims) });
    const embedding = trim(floatsOf(encoded[encoder.outputNames[0]!]), rows, columns);
    const [mapHeight, mapWidth] = [rows * LOGITS_PER_TOKEN, columns * LOGITS_PER_TOKEN];
    const feeds = {
      image_embeddings: tensor(embedding, [1, CHANNELS, rows, columns]),
      point_labels: tensor(Float32Array.of(1, -1), [1, 2]),
      mask_input: tensor(new Float32Array(mapHeight * mapWidth), [1, 1, mapHeight, mapWidth]),
      has_mask_input: tensor(Float32Array.of(0), [1]),
      // The enlarged masks of an export that was not adapted are not used, so they may be tiny.
      ...(session.inputNames.includes('orig_im_size')
        ? { orig_im_size: tensor(Float32Array.of(8, 8), [2]) }
        : {}),
    };
    return {
      width: mapWidth,
      height: mapHeight,
      decode: async (x, y) => {
        // A lone point needs a padding point with label -1.
        const point = tensor(Float32Array.of(x, y, 0, 0), [1, 2, 2]);
        const result = await session.run({ ...feeds, point_coords: point });
        const logits = floatsOf(result[decoder.masks]);
        const iou = floatsOf(result[decoder.scores]);
        // Of four masks the first is meant for several points; a lone one is ambiguous and gets the three others.
        return iou.length === 4
          ? { logits: logits.subarray(mapHeight * mapWidth), iou: iou.subarray(1) }
          : { logits, iou };
      },
    };
  };
  // Loaded now, so that a damaged file is found now.
  await decoderFor(TOKENS, TOKENS);
  return {
    digest: createHash('sha256').update(encoderModel).update(decoderModel).digest('hex').slice(0, 16),
    encode,
    close: async () => {
      await encoder.release();
      for (const decoder of loaded.values()) await (await decoder).session.release();
    },
  };
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the model lacks a float32 output');
  return tensor.data;
}

/** The first rows and columns of an embedding [256*64*64]. */
function trim(embedding: Float32Array, rows: number, columns: number): Float32Array {
  if (rows === TOKENS && columns === TOKENS) return embedding;
  const trimmed = new Float32Array(CHANNELS * rows * columns);
  for (let c = 0; c < CHANNELS; c++)
    for (let y = 0; y < rows; y++) {
      const from = (c * TOKENS + y) * TOKENS;
      trimmed.set(embedding.subarray(from, from + columns), (c * rows + y) * columns);
    }
  return trimmed;
}
