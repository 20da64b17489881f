import { concatBytes, type ProtobufField, readFields, varintOf, writeField } from './protobuf.js';

// Field numbers of onnx.proto.
const MODEL_GRAPH = 7;
const GRAPH_NODE = 1;
const GRAPH_INITIALIZER = 5;
const GRAPH_INPUT = 11;
const GRAPH_OUTPUT = 12;
const GRAPH_VALUE_INFO = 13;
const NODE_INPUT = 1;
const NODE_OUTPUT = 2;
const NODE_TYPE = 4;
const NODE_ATTRIBUTE = 5;
const ATTRIBUTE_NAME = 1;
const ATTRIBUTE_FLOAT = 2;
const ATTRIBUTE_INTEGER = 3;
const ATTRIBUTE_TENSOR = 5;
const ATTRIBUTE_INTEGERS = 8;
const ATTRIBUTE_KIND = 20;
const TENSOR_DIMS = 1;
const TENSOR_TYPE = 2;
const TENSOR_NAME = 8;
const TENSOR_RAW_DATA = 9;
const [KIND_FLOAT, KIND_INTEGER, KIND_TENSOR, KIND_INTEGERS] = [1, 2, 4, 7];

/** Element types of onnx.proto that the decoders use. */
export const onnxTypes = { float: 1, int64: 7 } as const;

/** One operation of a graph. */
export interface OnnxNode {
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The node's message. */
  readonly content: Uint8Array;
}

/** A constant tensor. */
export interface OnnxTensor {
  readonly dims: readonly number[];
  readonly type: number;
  /** Little-endian values; undefined when they are stored in another way. */
  readonly raw: Uint8Array | undefined;
}

/** The parts of a model's graph; all that is not named here is kept as it is. */
export interface OnnxGraph {
  readonly nodes: readonly OnnxNode[];
  /** Messages by tensor name. */
  readonly initializers: ReadonlyMap<string, Uint8Array>;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The model's other fields (versions, opset), and the graph's. */
  readonly model: readonly ProtobufField[];
  readonly rest: readonly ProtobufField[];
}

/**
 * Reads a model's graph (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto).
 *
 * @returns undefined when there is none in it.
 * @throws RangeError when the bytes are no protobuf message.
 */
export function readGraph(model: Uint8Array): OnnxGraph | undefined {
  const modelFields = readFields(model);
  const graph = modelFields.find((field) => field.number === MODEL_GRAPH);
  if (graph === undefined) return undefined;
  const fields = readFields(graph.content);
  const of = (number: number): ProtobufField[] => fields.filter((field) => field.number === number);
  const known = [GRAPH_NODE, GRAPH_INITIALIZER, GRAPH_INPUT, GRAPH_OUTPUT, GRAPH_VALUE_INFO];
  return {
    nodes: of(GRAPH_NODE).map(readNode),
    initializers: new Map(of(GRAPH_INITIALIZER).map((field) => [textOf(field, TENSOR_NAME), field.content])),
    inputs: of(GRAPH_INPUT).map((field) => textOf(field, 1)),
    outputs: of(GRAPH_OUTPUT).map((field) => textOf(field, 1)),
    model: modelFields.filter((field) => field !== graph),
    rest: fields.filter((field) => !known.includes(field.number)),
  };
}

/**
 * A model of those nodes that the outputs need; inputs and outputs are float32 tensors of any shape. The nodes must
 * stand in topological order.
 */
export function writeModel(
  graph: OnnxGraph,
  nodes: readonly OnnxNode[],
  inputs: readonly string[],
  outputs: readonly string[],
): Uint8Array {
  const live = liveNodes(nodes, inputs, outputs);
  const used = new Set(live.flatMap((node) => node.inputs));
  const parts = [
    ...live.map((node) => writeField(GRAPH_NODE, node.content)),
    ...graph.rest.map((field) => field.bytes),
    ...[...graph.initializers]
      .filter(([name]) => used.has(name))
      .map(([, content]) => writeField(GRAPH_INITIALIZER, content)),
    ...inputs.filter((name) => used.has(name)).map((name) => writeField(GRAPH_INPUT, floatValueInfo(name))),
    ...outputs.map((name) => writeField(GRAPH_OUTPUT, floatValueInfo(name))),
  ];
  return concatBytes([
    ...graph.model.map((field) => field.bytes),
    writeField(MODEL_GRAPH, concatBytes(parts)),
  ]);
}

/** The nodes that the outputs need when the inputs are given. */
export function liveNodes(
  nodes: readonly OnnxNode[],
  inputs: readonly string[],
  outputs: readonly string[],
): OnnxNode[] {
  const given = new Set(inputs);
  const needed = new Set(outputs.filter((name) => !given.has(name)));
  const live: OnnxNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    live.push(node);
    for (const input of node.inputs) if (!given.has(input)) needed.add(input);
  }
  return live.reverse();
}

/** The tensor of a Constant node. */
export function constantOf(node: OnnxNode): OnnxTensor | undefined {
  for (const field of readFields(node.content)) {
    if (field.number !== NODE_ATTRIBUTE) continue;
    const tensor = readFields(field.content).find((part) => part.number === ATTRIBUTE_TENSOR);
    if (tensor !== undefined) return readTensor(tensor.content);
  }
  return undefined;
}

/** An integer attribute of a node. */
export function integerAttribute(node: OnnxNode, name: string): number | undefined {
  for (const field of readFields(node.content)) {
    if (field.number !== NODE_ATTRIBUTE || textOf(field, ATTRIBUTE_NAME) !== name) continue;
    const value = readFields(field.content).find((part) => part.number === ATTRIBUTE_INTEGER);
    return value && varintIn(value);
  }
  return undefined;
}

/** A TensorProto. */
export function readTensor(content: Uint8Array): OnnxTensor {
  const fields = readFields(content);
  const type = fields.find((field) => field.number === TENSOR_TYPE);
  return {
    dims: fields.filter((field) => field.number === TENSOR_DIMS).map(varintIn),
    type: type === undefined ? 0 : varintIn(type),
    raw: fields.find((field) => field.number === TENSOR_RAW_DATA)?.content,
  };
}

/** A TensorProto. */
export function writeTensor(
  name: string,
  dims: readonly number[],
  type: number,
  raw: Uint8Array,
): Uint8Array {
  return concatBytes([
    ...dims.map((size) => integerField(TENSOR_DIMS, size)),
    integerField(TENSOR_TYPE, type),
    writeField(TENSOR_NAME, utf8(name)),
    writeField(TENSOR_RAW_DATA, raw),
  ]);
}

/** A node of the default domain; attributes are integers or lists of them, and floats. */
export function makeNode(
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, number | readonly number[]>> = {},
  floats: Readonly<Record<string, number>> = {},
): OnnxNode {
  const content = concatBytes([
    ...inputs.map((name) => writeField(NODE_INPUT, utf8(name))),
    ...outputs.map((name) => writeField(NODE_OUTPUT, utf8(name))),
    writeField(NODE_TYPE, utf8(type)),
    ...Object.entries(attributes).map(([name, value]) =>
      writeField(
        NODE_ATTRIBUTE,
        concatBytes([
          writeField(ATTRIBUTE_NAME, utf8(name)),
          ...(typeof value === 'number'
            ? [integerField(ATTRIBUTE_INTEGER, value), integerField(ATTRIBUTE_KIND, KIND_INTEGER)]
            : [
                ...value.map((entry) => integerField(ATTRIBUTE_INTEGERS, entry)),
                integerField(ATTRIBUTE_KIND, KIND_INTEGERS),
              ]),
        ]),
      ),
    ),
    ...Object.entries(floats).map(([name, value]) =>
      writeField(
        NODE_ATTRIBUTE,
        concatBytes([
          writeField(ATTRIBUTE_NAME, utf8(name)),
          // Wire type 5: four bytes, little-endian.
          Uint8Array.of(ATTRIBUTE_FLOAT * 8 + 5, ...new Uint8Array(Float32Array.of(value).buffer)),
          integerField(ATTRIBUTE_KIND, KIND_FLOAT),
        ]),
      ),
    ),
  ]);
  return { type, inputs, outputs, content };
}

/** A Constant node. */
export function makeConstant(name: string, dims: readonly number[], type: number, raw: Uint8Array): OnnxNode {
  const attribute = concatBytes([
    writeField(ATTRIBUTE_NAME, utf8('value')),
    writeField(ATTRIBUTE_TENSOR, writeTensor('', dims, type, raw)),
    integerField(ATTRIBUTE_KIND, KIND_TENSOR),
  ]);
  const content = concatBytes([
    writeField(NODE_OUTPUT, utf8(name)),
    writeField(NODE_TYPE, utf8('Constant')),
    writeField(NODE_ATTRIBUTE, attribute),
  ]);
  return { type: 'Constant', inputs: [], outputs: [name], content };
}

/** The node with other inputs and outputs. */
export function rewireNode(node: OnnxNode, inputs: readonly string[], outputs: readonly string[]): OnnxNode {
  const others = readFields(node.content).filter(
    (field) => field.number !== NODE_INPUT && field.number !== NODE_OUTPUT,
  );
  const content = concatBytes([
    ...inputs.map((name) => writeField(NODE_INPUT, utf8(name))),
    ...outputs.map((name) => writeField(NODE_OUTPUT, utf8(name))),
    ...others.map((field) => field.bytes),
  ]);
  return { type: node.type, inputs, outputs, content };
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Negative numbers take ten bytes, in two's complement. */
function integerField(number: number, value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...varintOf(number * 8), ...bytes, Number(rest)]);
}

/** The value of a varint field: all that follows its tag. */
function varintIn({ bytes }: ProtobufField): number {
  let at = 0;
  while (bytes[at]! >= 128) at++;
  let value = 0;
  for (let shift = 0; ++at < bytes.length; shift += 7) value += (bytes[at]! & 0x7f) * 2 ** shift;
  return value;
}

function textOf(field: ProtobufField, number: number): string {
  const part = readFields(field.content).find((candidate) => candidate.number === number);
  return new TextDecoder().decode(part?.content);
}

function readNode(field: ProtobufField): OnnxNode {
  const parts = readFields(field.content);
  const names = (number: number): string[] =>
    parts.filter((part) => part.number === number).map((part) => new TextDecoder().decode(part.content));
  return {
    type: names(NODE_TYPE)[0] ?? '',
    inputs: names(NODE_INPUT),
    outputs: names(NODE_OUTPUT),
    content: field.content,
  };
}

/** ValueInfoProto { name = 1, type = 2 { tensor_type = 1 { elem_type = 1: FLOAT } } }, the shape left open. */
const floatValueInfo = (name: string): Uint8Array =>
  concatBytes([
    writeField(1, utf8(name)),
    writeField(2, writeField(1, Uint8Array.from([8, onnxTypes.float]))),
  ]);
