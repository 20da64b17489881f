import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type DataError, dataError } from '@nerfseg/geometry';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { errorText } from '../sources/error-text.js';
import type { SamWeights } from './find-weights.js';
import type { HostTensor, PromptMasks, SessionChoice, TensorInfo } from './model-host.js';
import { LOGITS_PER_TOKEN, type ModelProfile, profileOf, TOKENS } from './model-profile.js';
import { canStartThreads, type ModelThread, startModelThread } from './model-threads.js';
import { type OnnxGraph, readGraph } from './onnx-graph.js';
import type { PreparedImage } from './prepare-image.js';
import { type SplitDecoder, splitDecoder } from './split-decoder.js';

/** A picture that the encoder has seen, ready for prompts. */
export interface EncodedPicture {
  /** Size of the logit maps: the picture, or the whole padded square. */
  readonly width: number;
  readonly height: number;
  /**
   * One positive point per prompt, [P*2] in pixels of the encoder's input. Prompts of different calls run at the same
   * time, on as many threads as there are.
   *
   * @param floor masks of no higher predicted IoU are left out.
   */
  readonly decode: (points: Float32Array, floor: number) => Promise<readonly PromptMasks[]>;
  /** Forgets the picture. */
  readonly close: () => Promise<void>;
}

/** The two halves of Segment-Anything as plain functions. */
export interface SamNetwork {
  /** Tells one set of weights from another: a hash of both files. */
  readonly digest: string;
  readonly profile: ModelProfile;
  /** Threads that decode. */
  readonly decoders: number;
  readonly encode: (prepared: PreparedImage, trimPadding: boolean) => Promise<EncodedPicture>;
  readonly close: () => Promise<void>;
}

/** How the network is run. */
export interface NetworkOptions {
  readonly threads: number;
  /** onnxruntime's execution providers, best first; empty: the CPU. */
  readonly providers: readonly string[];
}

/**
 * Loads both models: the encoder in a thread of its own, where its operations are spread over all cores, and as many
 * decoders as there are cores, each on one. `onnxruntime-node` blocks the thread that runs a model, and a prompt is too
 * small to be spread well; so prompts run side by side instead, and the next picture can be encoded meanwhile. On
 * another execution provider than the CPU there is one decoder.
 */
export async function loadSamNetwork(
  weights: SamWeights,
  { threads, providers }: NetworkOptions,
  mobile: boolean,
): Promise<Either<DataError, SamNetwork>> {
  const spread = canStartThreads() && providers.every((name) => name === 'cpu');
  const encoderThread = startModelThread();
  const decoderThreads = Array.from({ length: spread ? threads : 1 }, () => startModelThread());
  const close = async (): Promise<void> => {
    for (const thread of [encoderThread, ...decoderThreads]) await thread.end();
  };
  const loaded = await load(weights, encoderThread, { threads, providers }, mobile);
  if (isLeft(loaded)) {
    await close();
    return loaded;
  }
  const { profile, decoderModel, digest } = loaded.right;
  const choice: SessionChoice = { threads: spread ? 1 : threads, providers };
  const decoderFor = decoderLoader(decoderModel, profile, decoderThreads, choice);
  try {
    // Loaded now, so that a damaged file is found now.
    await decoderFor(TOKENS, TOKENS);
  } catch (error) {
    await close();
    return left(modelError(weights.decoder, error));
  }

  let pictures = 0;
  const encode: SamNetwork['encode'] = async ({ input, dims, width, height }, trimPadding) => {
    const fill = (side: number): number =>
      trimPadding ? Math.ceil(side / (TOKENS / LOGITS_PER_TOKEN)) : TOKENS;
    const decoder = await decoderFor(fill(height), fill(width));
    const { rows, columns, size } = decoder;
    const feeds = { [profile.input.name]: { data: input, dims } };
    const encoded = await encoderThread.ask({ kind: 'run', feeds });
    const picture = pictures++;
    const given = decoderFeeds(encoded, profile, rows, columns);
    const opened = new Map<ModelThread, Promise<unknown>>();
    const open = (thread: ModelThread): Promise<unknown> => {
      const done = opened.get(thread) ?? thread.ask({ kind: 'open', picture, size, feeds: given });
      opened.set(thread, done);
      return done;
    };
    return {
      width: columns * LOGITS_PER_TOKEN,
      height: rows * LOGITS_PER_TOKEN,
      decode: async (points, floor) => {
        const thread = decoderThreads.reduce((best, other) =>
          other.pending() < best.pending() ? other : best,
        );
        // Not waited for in turn: a thread answers in order.
        const [, masks] = await Promise.all([
          open(thread),
          thread.ask({ kind: 'decode', picture, points, padPoint: profile.padPoint, floor }),
        ]);
        return masks;
      },
      close: async () => {
        for (const thread of opened.keys()) await thread.ask({ kind: 'close', picture });
      },
    };
  };
  return right({ digest, profile, decoders: decoderThreads.length, encode, close });
}

interface LoadedModels {
  readonly profile: ModelProfile;
  readonly decoderModel: { readonly bytes: Uint8Array; readonly graph: OnnxGraph };
  readonly digest: string;
}

async function load(
  weights: SamWeights,
  encoderThread: ModelThread,
  choice: SessionChoice,
  mobile: boolean,
): Promise<Either<DataError, LoadedModels>> {
  let [file, encoder] = [
    weights.encoder,
    { inputs: [] as readonly TensorInfo[], outputs: [] as readonly TensorInfo[] },
  ];
  try {
    await encoderThread.ask({ kind: 'runtime' });
  } catch (error) {
    // Not the model's fault: whoever can do without Segment-Anything goes on without it.
    const [found] = errorText(error).split('\n');
    return left(
      dataError(
        'unavailable',
        'onnxruntime-node',
        'runtime',
        found!,
        'the package onnxruntime-node, for this machine',
      ),
    );
  }
  try {
    const hash = createHash('sha256').update(new Uint8Array(await readFile(weights.encoder)));
    encoder = await encoderThread.ask({ kind: 'load', model: weights.encoder, choice });
    file = weights.decoder;
    const bytes = new Uint8Array(await readFile(weights.decoder));
    const graph = readGraph(bytes);
    if (graph === undefined) return left(modelError(file, 'no graph'));
    const profile = profileOf(encoder, graph, weights, mobile);
    if (isLeft(profile)) return profile;
    const digest = hash.update(bytes).digest('hex').slice(0, 16);
    return right({ profile: profile.right, decoderModel: { bytes, graph }, digest });
  } catch (error) {
    return left(modelError(file, error));
  }
}

const modelError = (file: string, error: unknown): DataError =>
  dataError('malformed', file, 'model', errorText(error), 'an ONNX model that onnxruntime can load');

interface SizedDecoder {
  readonly size: string;
  readonly rows: number;
  readonly columns: number;
}

/** Decoders by number of tokens, each loaded once; one that cannot leave padding out has 64 x 64. */
function decoderLoader(
  { bytes, graph }: LoadedModels['decoderModel'],
  profile: ModelProfile,
  threads: readonly ModelThread[],
  choice: SessionChoice,
): (rows: number, columns: number) => Promise<SizedDecoder> {
  const loaded = new Map<string, Promise<SizedDecoder>>();
  const whole = (): SplitDecoder => ({
    image: undefined,
    prompt: bytes,
    shared: graph.inputs.filter((name) => name !== 'point_coords' && name !== 'point_labels'),
    masks: profile.outputs.at(-1)![0],
    scores: profile.outputs.at(-1)![1],
  });
  const load = async (rows: number, columns: number): Promise<SizedDecoder> => {
    const size = `${rows} x ${columns}`;
    let split = splitDecoder(graph, { outputs: profile.outputs, rows, columns });
    if (split === undefined && (rows < TOKENS || columns < TOKENS)) return await decoderFor(TOKENS, TOKENS);
    split ??= whole();
    for (const thread of threads) await thread.ask({ kind: 'decoder', size, split, choice });
    return { size, rows, columns };
  };
  const decoderFor = (rows: number, columns: number): Promise<SizedDecoder> => {
    const size = `${rows} x ${columns}`;
    const decoder = loaded.get(size) ?? load(rows, columns);
    loaded.set(size, decoder);
    return decoder;
  };
  return decoderFor;
}

/** Everything but the prompt that a decoder may read. */
function decoderFeeds(
  encoded: Readonly<Record<string, HostTensor>>,
  profile: ModelProfile,
  rows: number,
  columns: number,
): Record<string, HostTensor> {
  const [height, width] = [rows * LOGITS_PER_TOKEN, columns * LOGITS_PER_TOKEN];
  const feeds: Record<string, HostTensor> = {
    ...promptless(height, width),
    // For a graph that asks for the shape of a prompt: what it says is not used.
    point_coords: {
      data: new Float32Array(profile.padPoint ? 4 : 2),
      dims: [1, profile.padPoint ? 2 : 1, 2],
    },
    point_labels: { data: new Float32Array(profile.padPoint ? 2 : 1), dims: [1, profile.padPoint ? 2 : 1] },
  };
  for (const { input, output } of profile.embeddings) {
    const tensor = encoded[output]!;
    feeds[input] = tensor.dims.at(-1) === TOKENS ? trim(tensor, rows, columns) : tensor;
  }
  return feeds;
}

const promptless = (height: number, width: number): Record<string, HostTensor> => ({
  mask_input: { data: new Float32Array(height * width), dims: [1, 1, height, width] },
  has_mask_input: { data: Float32Array.of(0), dims: [1] },
  // The enlarged masks of an export are not used, so they may be tiny.
  orig_im_size: { data: Float32Array.of(8, 8), dims: [2] },
});

/** The first rows and columns of an embedding [1, channels, 64, 64]. */
function trim({ data, dims }: HostTensor, rows: number, columns: number): HostTensor {
  if (rows === TOKENS && columns === TOKENS) return { data, dims };
  const channels = dims[1]!;
  const trimmed = new Float32Array(channels * rows * columns);
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < rows; y++) {
      const from = (c * TOKENS + y) * TOKENS;
      trimmed.set(data.subarray(from, from + columns), (c * rows + y) * columns);
    }
  return { data: trimmed, dims: [1, channels, rows, columns] };
}
