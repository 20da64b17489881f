import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { errorText } from '../sources/error-text.js';
import type { SplitDecoder } from './split-decoder.js';

/** A tensor as plain data. */
export interface HostTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

/** Name, element type and shape (names for open sizes) of a model's input or output. */
export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly (number | string)[];
}

/** How sessions are made; plain data, for it travels to threads. */
export interface SessionChoice {
  readonly threads: number;
  /** onnxruntime's execution providers, best first; empty: its own default, the CPU. */
  readonly providers: readonly string[];
}

/** The masks that one prompt yields. */
export interface PromptMasks {
  /** [K*height*width] mask logits. */
  readonly logits: Float32Array;
  /** [K] predicted intersection over union; it can exceed 1. */
  readonly iou: Float32Array;
}

/** What a host can be asked; every kind has its answer in {@link HostAnswers}. */
export type HostRequest =
  | { readonly kind: 'runtime' }
  | { readonly kind: 'load'; readonly model: string | Uint8Array; readonly choice: SessionChoice }
  | { readonly kind: 'run'; readonly feeds: Readonly<Record<string, HostTensor>> }
  | {
      readonly kind: 'decoder';
      readonly size: string;
      readonly split: SplitDecoder;
      readonly choice: SessionChoice;
    }
  | {
      readonly kind: 'open';
      readonly picture: number;
      readonly size: string;
      readonly feeds: Readonly<Record<string, HostTensor>>;
    }
  | {
      readonly kind: 'decode';
      readonly picture: number;
      /** [P*2] */
      readonly points: Float32Array;
      /** Whether a prompt needs a second point of label -1. */
      readonly padPoint: boolean;
      /** Masks of a lower predicted IoU are not answered. */
      readonly floor: number;
    }
  | { readonly kind: 'close'; readonly picture: number }
  | { readonly kind: 'release' };

export interface HostAnswers {
  /** onnxruntime is there. */
  readonly runtime: undefined;
  readonly load: { readonly inputs: readonly TensorInfo[]; readonly outputs: readonly TensorInfo[] };
  readonly run: Readonly<Record<string, HostTensor>>;
  readonly decoder: undefined;
  readonly open: undefined;
  readonly decode: readonly PromptMasks[];
  readonly close: undefined;
  readonly release: undefined;
}

interface Decoder {
  readonly split: SplitDecoder;
  readonly image: InferenceSession | undefined;
  readonly prompt: InferenceSession;
}

/** Answers requests with onnxruntime's sessions: an encoder, decoders for different sizes, pictures that are open. */
export type ModelHost = <Kind extends HostRequest['kind']>(
  request: Extract<HostRequest, { kind: Kind }>,
) => Promise<HostAnswers[Kind]>;

/** A host with sessions of its own; it lives in the thread that calls it. */
export function createModelHost(): ModelHost {
  let encoder: InferenceSession | undefined;
  const decoders = new Map<string, Decoder>();
  const pictures = new Map<number, { decoder: Decoder; feeds: Record<string, Tensor> }>();

  const answers: {
    [Kind in HostRequest['kind']]: (
      request: Extract<HostRequest, { kind: Kind }>,
    ) => Promise<HostAnswers[Kind]>;
  } = {
    runtime: async () => {
      await runtime();
    },
    load: async ({ model, choice }) => {
      encoder = await createSession(model, choice);
      return { inputs: encoder.inputMetadata.map(infoOf), outputs: encoder.outputMetadata.map(infoOf) };
    },
    run: async ({ feeds }) => {
      if (encoder === undefined) throw new Error('no model is loaded');
      return plain(await encoder.run(await tensors(feeds)));
    },
    decoder: async ({ size, split, choice }) => {
      if (decoders.has(size)) return;
      const image = split.image && (await createSession(split.image, choice));
      decoders.set(size, { split, image, prompt: await createSession(split.prompt, choice) });
    },
    open: async ({ picture, size, feeds }) => {
      const decoder = decoders.get(size);
      if (decoder === undefined) throw new Error(`no decoder of size ${size} is loaded`);
      const given = await tensors(feeds);
      const { image } = decoder;
      const shared = await image?.run(only(given, image.inputNames));
      pictures.set(picture, { decoder, feeds: only({ ...given, ...shared }, decoder.split.shared) });
    },
    decode: async ({ picture, points, padPoint, floor }) => {
      const open = pictures.get(picture);
      if (open === undefined) throw new Error('the picture is not open');
      const results: PromptMasks[] = [];
      for (let p = 0; p < points.length; p += 2) {
        const point = [points[p]!, points[p + 1]!];
        const prompt = await tensors(promptOf(point, padPoint));
        const result = plain(await open.decoder.prompt.run({ ...open.feeds, ...prompt }));
        const { masks, scores } = open.decoder.split;
        results.push(aboveFloor(result[masks]!.data, result[scores]!.data, floor));
      }
      return results;
    },
    close: async ({ picture }) => {
      pictures.delete(picture);
    },
    release: async () => {
      await encoder?.release();
      for (const { image, prompt } of decoders.values()) {
        await image?.release();
        await prompt.release();
      }
      encoder = undefined;
      decoders.clear();
    },
  };
  return (request) => answers[request.kind](request as never) as never;
}

/** One positive point; the original's export expects a point of label -1 beside it where there is no box. */
export const promptOf = (
  [x, y]: readonly number[],
  padPoint: boolean,
): Readonly<Record<'point_coords' | 'point_labels', HostTensor>> =>
  padPoint
    ? {
        point_coords: { data: Float32Array.of(x!, y!, 0, 0), dims: [1, 2, 2] },
        point_labels: { data: Float32Array.of(1, -1), dims: [1, 2] },
      }
    : {
        point_coords: { data: Float32Array.of(x!, y!), dims: [1, 1, 2] },
        point_labels: { data: Float32Array.of(1), dims: [1, 1] },
      };

/** Of four masks the first is meant for several points: a lone one is ambiguous and gets the three others. */
function aboveFloor(logits: Float32Array, iou: Float32Array, floor: number): PromptMasks {
  const size = logits.length / iou.length;
  const kept = [...iou.keys()].filter((k) => (k > 0 || iou.length !== 4) && iou[k]! > floor);
  const result = new Float32Array(kept.length * size);
  kept.forEach((k, at) => {
    result.set(logits.subarray(k * size, (k + 1) * size), at * size);
  });
  return { logits: result, iou: Float32Array.from(kept, (k) => iou[k]!) };
}

/** Imported when it is needed, so that the rest of the package works where the native runtime does not. */
const runtime = () => import('onnxruntime-node');

async function createSession(
  model: string | Uint8Array,
  { threads, providers }: SessionChoice,
): Promise<InferenceSession> {
  const onnx = await runtime();
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    ...(providers.length > 0 ? { executionProviders: [...providers] } : {}),
    // Threads that wait by spinning cost little alone and much beside other work.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  return typeof model === 'string'
    ? await onnx.InferenceSession.create(model, options)
    : await onnx.InferenceSession.create(model, options);
}

async function tensors(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, Tensor>> {
  const onnx = await runtime();
  return Object.fromEntries(
    Object.entries(feeds).map(([name, { data, dims }]) => [name, new onnx.Tensor('float32', data, dims)]),
  );
}

function plain(results: Readonly<Record<string, Tensor>>): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(results).map(([name, { type, data, dims }]) => {
      if (type !== 'float32') throw new Error(`output ${name} is of type ${type}, not float32`);
      return [name, { data: data as Float32Array, dims }];
    }),
  );
}

/** The named ones of a record. */
function only<T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> {
  return Object.fromEntries(
    names.map((name) => {
      const value = record[name];
      if (value === undefined) throw new Error(`the model wants an input '${name}'`);
      return [name, value];
    }),
  );
}

const infoOf = (metadata: InferenceSession.ValueMetadata): TensorInfo =>
  metadata.isTensor
    ? { name: metadata.name, type: metadata.type, shape: metadata.shape }
    : { name: metadata.name, type: 'no tensor', shape: [] };

/** What a thread answers. */
export type HostReply =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly error: string };

/** The reply to a request, errors as text. */
export async function replyTo(host: ModelHost, id: number, request: HostRequest): Promise<HostReply> {
  try {
    return { id, answer: await host(request as never) };
  } catch (error) {
    return { id, error: errorText(error) };
  }
}
