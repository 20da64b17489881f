import { concatBytes, type ProtobufField, readFields, writeField } from './protobuf.js';

// Field numbers of onnx.proto: ModelProto.graph; GraphProto.node, .input, .output; NodeProto.input, .output; *.name.
const GRAPH = 7;
const NODE = 1;
const INPUT = 11;
const OUTPUT = 12;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;

/**
 * An ONNX model that returns other tensors of its graph instead: its outputs become `names` (float32), and nodes and
 * inputs that these do not need are left out. Everything else stays byte for byte as it was.
 *
 * Segment-Anything's usual export computes four masks per prompt, then throws three away and enlarges the last one;
 * asking for the tensors before that step gives all of them for less work.
 *
 * @returns undefined when the graph lacks one of the names.
 * @throws RangeError when the bytes are no protobuf message.
 */
export function selectOutputs(model: Uint8Array, names: readonly string[]): Uint8Array | undefined {
  const modelFields = readFields(model);
  const graph = modelFields.find((field) => field.number === GRAPH);
  if (graph === undefined) return undefined;
  const fields = readFields(graph.content);
  const nodes = fields.filter((field) => field.number === NODE).map(readNode);
  if (!names.every((name) => nodes.some((node) => node.outputs.includes(name)))) return undefined;

  // Nodes stand in topological order, so one pass from the last to the first finds all that is needed.
  const needed = new Set(names);
  const live = new Set<ProtobufField>();
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    live.add(node.field);
    for (const input of node.inputs) needed.add(input);
  }
  const kept = fields.filter(
    (field) =>
      field.number !== OUTPUT &&
      (field.number !== NODE || live.has(field)) &&
      (field.number !== INPUT || needed.has(nameOf(field))),
  );
  const outputs = names.map((name) => writeField(OUTPUT, floatValueInfo(name)));
  const newGraph = writeField(GRAPH, concatBytes([...kept.map((field) => field.bytes), ...outputs]));
  return concatBytes(modelFields.map((field) => (field === graph ? newGraph : field.bytes)));
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function readNode(field: ProtobufField): { field: ProtobufField; inputs: string[]; outputs: string[] } {
  const parts = readFields(field.content);
  const names = (number: number): string[] =>
    parts.filter((part) => part.number === number).map((part) => text(part.content));
  return { field, inputs: names(NODE_INPUT), outputs: names(NODE_OUTPUT) };
}

/** ValueInfoProto.name is its field 1. */
const nameOf = (field: ProtobufField): string =>
  text(readFields(field.content).find((part) => part.number === 1)?.content ?? new Uint8Array());

/** ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1: FLOAT } } }, the shape left open. */
const floatValueInfo = (name: string): Uint8Array =>
  concatBytes([
    writeField(1, new TextEncoder().encode(name)),
    writeField(2, writeField(1, Uint8Array.from([8, 1]))),
  ]);
