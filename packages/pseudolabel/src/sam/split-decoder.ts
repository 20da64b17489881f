import {
  constantOf,
  integerAttribute,
  liveNodes,
  type OnnxGraph,
  type OnnxNode,
  onnxTypes,
  writeModel,
} from './onnx-graph.js';
import { simplifyUpscaling } from './simplify-upscaling.js';
import { trimTokens } from './trim-tokens.js';

/** A decoder in two models; see {@link splitDecoder}. */
export interface SplitDecoder {
  /** What depends on the picture alone, computed once; undefined where the model could not be split. */
  readonly image: Uint8Array | undefined;
  /** What depends on the prompt, computed for each; the whole model where it could not be split. */
  readonly prompt: Uint8Array;
  /** The tensors that the first hands to the second, and inputs of the whole that the second needs as they are. */
  readonly shared: readonly string[];
  readonly masks: string;
  readonly scores: string;
}

/** What {@link splitDecoder} needs to know of a decoder. */
export interface SplitRequest {
  /** Names of the [1, K, height, width] mask logits and the [1, K] predicted IoU, best first: the first that exist are taken. */
  readonly outputs: readonly (readonly [masks: string, scores: string])[];
  /** Rows and columns of image tokens; fewer than 64 leave padding out, in decoders that allow it. */
  readonly rows: number;
  readonly columns: number;
}

/** What a prompt consists of. */
const PROMPT_INPUTS: readonly string[] = ['point_coords', 'point_labels'];

/**
 * Splits a decoder in two: the half that depends on the picture alone (a quarter of the work: the image tokens'
 * positional encoding and most of the first attention block) and the half that depends on the prompt. The other half
 * also loses what its outputs do not need, the enlarging of masks above all, and is simplified where its form is known.
 * The results differ in rounding only.
 *
 * @returns undefined when the graph is not of a known kind: then it must be run whole.
 */
export function splitDecoder(
  whole: OnnxGraph,
  { outputs, rows, columns }: SplitRequest,
): SplitDecoder | undefined {
  const trimmed = trimTokens(whole, rows, columns);
  if (trimmed === undefined) return undefined;
  const made = new Set(trimmed.nodes.flatMap((node) => node.outputs));
  const found = outputs.find((names) => names.every((name) => made.has(name)));
  if (found === undefined || !PROMPT_INPUTS.every((name) => trimmed.inputs.includes(name))) return undefined;
  const graph = simplifyUpscaling(trimmed, found[0], rows, columns);
  const varying = varyingTensors(graph);
  if (!found.every((name) => varying.has(name))) return undefined;
  const shared = sharedTensors(graph, varying, found);
  return {
    image: writeModel(
      graph,
      graph.nodes,
      graph.inputs,
      shared.filter((name) => !graph.inputs.includes(name)),
    ),
    prompt: writeModel(graph, graph.nodes, [...PROMPT_INPUTS, ...shared], found),
    shared,
    masks: found[0],
    scores: found[1],
  };
}

/** Tensors whose values change with the prompt. A tensor's shape does not: a prompt is one point and one of padding. */
function varyingTensors(graph: OnnxGraph): ReadonlySet<string> {
  const varying = new Set(PROMPT_INPUTS);
  for (const node of graph.nodes)
    if (node.type !== 'Shape' && node.inputs.some((input) => varying.has(input)))
      for (const output of node.outputs) varying.add(output);
  return varying;
}

/** Float tensors of the picture that nodes of the prompt read. */
function sharedTensors(graph: OnnxGraph, varying: ReadonlySet<string>, outputs: readonly string[]): string[] {
  const types = elementTypes(graph);
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const shared = new Set<string>();
  const isShared = (name: string): boolean => {
    if (varying.has(name) || types.get(name) !== onnxTypes.float) return false;
    const producer = producers.get(name);
    return producer === undefined ? graph.inputs.includes(name) : producer.type !== 'Constant';
  };
  // Nodes that only other halves' shapes need drop out once their readers do, so those are found first.
  const live = liveNodes(graph.nodes, [...types.keys()].filter(isShared), outputs);
  for (const node of live) for (const input of node.inputs) if (isShared(input)) shared.add(input);
  return [...shared];
}

/** The element type of every tensor, by the rules of the operations that such decoders are made of. */
function elementTypes(graph: OnnxGraph): ReadonlyMap<string, number> {
  const types = new Map<string, number>();
  for (const name of graph.inputs) types.set(name, onnxTypes.float);
  for (const name of graph.initializers.keys()) types.set(name, onnxTypes.float);
  const boolean = 9;
  const typeOf = (node: OnnxNode): number => {
    const first = types.get(node.inputs[0] ?? '') ?? onnxTypes.float;
    switch (node.type) {
      case 'Constant':
        return constantOf(node)?.type ?? onnxTypes.float;
      case 'ConstantOfShape':
        return constantOf(node)?.type ?? onnxTypes.float;
      case 'Shape':
      case 'Size':
      case 'ArgMax':
      case 'NonZero':
        return onnxTypes.int64;
      case 'Cast':
        return integerAttribute(node, 'to') ?? onnxTypes.float;
      case 'Equal':
      case 'Not':
      case 'Greater':
      case 'Less':
      case 'And':
        return boolean;
      case 'Where':
        return types.get(node.inputs[1]!) ?? onnxTypes.float;
      case 'OneHot':
        return types.get(node.inputs[2]!) ?? onnxTypes.float;
      default:
        return first;
    }
  };
  for (const node of graph.nodes) {
    const type = typeOf(node);
    for (const output of node.outputs) types.set(output, type);
  }
  return types;
}
