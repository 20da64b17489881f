import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, left, right } from 'fp-ts/lib/Either.js';
import type { TensorInfo } from './model-host.js';
import type { OnnxGraph } from './onnx-graph.js';

/** Side of the encoder's input, pixels. */
export const ENCODER_SIZE = 1024;
/** Side of the encoder's output, tokens of 16 x 16 input pixels; a decoder makes 4 x 4 logits of each. */
export const TOKENS = 64;
export const LOGITS_PER_TOKEN = 4;

/** What kind of pair two models are, and how to feed them. */
export interface ModelProfile {
  /** SAM 2 stretches a picture to a square, SAM keeps its form and pads. */
  readonly family: 'sam' | 'sam2';
  /** The encoder's input. `planes`: [1, 3, 1024, 1024], normalised. `pixels`: [height, width, 3], 0..255: it normalises and pads itself. */
  readonly input: { readonly name: string; readonly layout: 'planes' | 'pixels' };
  /** The decoder's input for each of the encoder's outputs that it reads. */
  readonly embeddings: readonly { readonly output: string; readonly input: string }[];
  /** Whether a prompt needs a point of label -1 beside it. */
  readonly padPoint: boolean;
  /** Names of mask logits and predicted IoU in the decoder, best first. */
  readonly outputs: readonly (readonly [string, string])[];
  /** Lowest predicted IoU and stability that suit the weights. */
  readonly thresholds: { readonly minPredictedIou: number; readonly minStability: number };
}

const PROMPT = ['point_coords', 'point_labels', 'mask_input', 'has_mask_input', 'orig_im_size'];
/** Where the original's export holds all four masks of a prompt, before it picks one. */
const ALL_MASKS = ['/Reshape_9_output_0', '/iou_prediction_head/layers.2/Gemm_output_0'] as const;

/**
 * Recognises SAM 1 (the original's export: inputs `image_embeddings`, `point_coords`, `point_labels`, `mask_input`,
 * `has_mask_input`, `orig_im_size`; outputs `masks`, `iou_predictions`, `low_res_masks`) and SAM 2 (`image_embed`,
 * `high_res_feats_0`, `high_res_feats_1` and the prompt's inputs; outputs `masks` and `iou_predictions`).
 *
 * @param files names for error messages.
 */
export function profileOf(
  encoder: { readonly inputs: readonly TensorInfo[]; readonly outputs: readonly TensorInfo[] },
  decoder: Pick<OnnxGraph, 'inputs' | 'outputs'>,
  files: { readonly encoder: string; readonly decoder: string },
  mobile: boolean,
): Either<DataError, ModelProfile> {
  const input = encoder.inputs[0];
  const shape = input?.shape ?? [];
  const fits = (expected: readonly (number | undefined)[]): boolean =>
    shape.length === expected.length &&
    expected.every((size, d) => size === undefined || typeof shape[d] !== 'number' || shape[d] === size);
  // A model may leave its shape open altogether.
  const planes = shape.length === 0 || fits([1, 3, ENCODER_SIZE, ENCODER_SIZE]);
  if (
    input?.type !== 'float32' ||
    encoder.inputs.length !== 1 ||
    !(planes || fits([undefined, undefined, 3]))
  )
    return left(
      dataError(
        'mismatch',
        files.encoder,
        'inputs',
        listed(encoder.inputs),
        `one float32 input [1, 3, ${ENCODER_SIZE}, ${ENCODER_SIZE}] or [height, width, 3]`,
      ),
    );
  const sam2 = decoder.inputs.includes('high_res_feats_0');
  const wanted = decoder.inputs.filter((name) => !PROMPT.includes(name));
  const missing = ['point_coords', 'point_labels'].filter((name) => !decoder.inputs.includes(name));
  if (missing.length > 0 || wanted.length === 0)
    return left(
      dataError(
        'mismatch',
        files.decoder,
        'inputs',
        decoder.inputs.join(', ') || 'none',
        "image embeddings, 'point_coords' and 'point_labels', as Segment-Anything's export names them",
      ),
    );
  const outputs = encoder.outputs.map((output) => output.name);
  const embeddings = wanted.map((name) => ({
    input: name,
    output: outputs.includes(name) || wanted.length > 1 ? name : outputs[0]!,
  }));
  const lacking = embeddings.filter(({ output }) => !outputs.includes(output));
  if (lacking.length > 0)
    return left(
      dataError(
        'mismatch',
        files.encoder,
        'outputs',
        outputs.join(', ') || 'none',
        `the decoder's inputs ${wanted.join(', ')}`,
        'The encoder and the decoder must be of the same model.',
      ),
    );
  const masks = decoder.outputs.includes('low_res_masks') ? 'low_res_masks' : 'masks';
  if (!decoder.outputs.includes(masks) || !decoder.outputs.includes('iou_predictions'))
    return left(
      dataError(
        'mismatch',
        files.decoder,
        'outputs',
        decoder.outputs.join(', ') || 'none',
        "'low_res_masks' or 'masks', and 'iou_predictions'",
      ),
    );
  return right({
    family: sam2 ? 'sam2' : 'sam',
    input: { name: input.name, layout: planes ? 'planes' : 'pixels' },
    embeddings,
    // SAM 2's export adds the point itself.
    padPoint: !sam2,
    outputs: [...(sam2 ? [] : [ALL_MASKS]), [masks, 'iou_predictions']],
    thresholds: sam2 ? SAM2 : mobile ? MOBILE : ORIGINAL,
  });
}

/** The generator's own, chosen for ViT-H. */
const ORIGINAL = { minPredictedIou: 0.88, minStability: 0.95 };
/** At the original's thresholds MobileSAM leaves most of a street without a mask (figures in the README). */
const MOBILE = { minPredictedIou: 0.75, minStability: 0.85 };
/** The same for SAM 2 tiny; SAM 2's own generator has 0.8 and 0.95. */
const SAM2 = { minPredictedIou: 0.6, minStability: 0.7 };

const listed = (tensors: readonly TensorInfo[]): string =>
  tensors.map(({ name, type, shape }) => `${name}: ${type} [${shape.join(', ')}]`).join('; ') || 'none';
