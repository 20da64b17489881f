import {
  constantOf,
  makeConstant,
  makeNode,
  type OnnxGraph,
  type OnnxNode,
  type OnnxTensor,
  onnxTypes,
  readTensor,
} from './onnx-graph.js';

/**
 * Computes the decoder's upscaling in another order, with the same result but for rounding.
 *
 * The original doubles the tokens' resolution twice by transposed convolutions of kernel and stride 2, normalises over
 * channels and applies GELU in between, then multiplies 32 channels of every pixel with each mask's weights. A transposed
 * convolution of that kind is a matrix product whose four results per pixel are dealt out to the four pixels of the next
 * resolution. All that follows works on single pixels, so here the dealing out is put off to the end, where K masks are
 * left of 32 channels, and channels come last, as the transformer leaves them.
 *
 * @param masks the tensor of mask logits.
 * @returns the same graph where it is not of that form (SAM 2 adds finer features in between).
 */
export function simplifyUpscaling(graph: OnnxGraph, masks: string, rows: number, columns: number): OnnxGraph {
  const found = findUpscaling(graph, masks);
  if (found === undefined) return graph;
  const { keys, first, second, gamma, beta, epsilon, hyper, end } = found;
  const nodes: OnnxNode[] = [];
  const name = (part: string): string => `nerfseg/upscaling/${part}`;
  const add = (
    type: string,
    inputs: string[],
    part: string,
    attributes?: Record<string, number | number[]>,
  ): string => {
    nodes.push(makeNode(type, inputs, [name(part)], attributes));
    return name(part);
  };
  const floats = (part: string, dims: readonly number[], values: Float32Array): string => {
    nodes.push(makeConstant(name(part), dims, onnxTypes.float, bytesOf(values)));
    return name(part);
  };
  const integers = (part: string, values: readonly number[]): string => {
    const raw = bytesOf(BigInt64Array.from(values, BigInt));
    nodes.push(makeConstant(name(part), [values.length], onnxTypes.int64, raw));
    return name(part);
  };
  const reshape = (input: string, part: string, dims: readonly number[]): string =>
    add('Reshape', [input, integers(`${part}/shape`, dims)], part);
  /** Rows [pixels, inputs] to [pixels * 4, outputs]: four rows of the next resolution for one of this. */
  const double = (input: string, { weight, bias }: TransposedConvolution, part: string): string => {
    const [inputs = 0, outputs = 0] = weight.dims;
    const matrix = floats(`${part}/weight`, [inputs, 4 * outputs], matrixOf(weight));
    const biases = Float32Array.from({ length: 4 * outputs }, (_, o) => floatsOf(bias)[o % outputs]!);
    const offset = floats(`${part}/bias`, [4 * outputs], biases);
    return reshape(add('Gemm', [input, matrix, offset], `${part}/product`), part, [-1, outputs]);
  };
  /** As PyTorch exports it, so that onnxruntime knows it again. */
  const gelu = (input: string, part: string): string => {
    const constant = (detail: string, value: number): string =>
      floats(`${part}/${detail}`, [], Float32Array.of(value));
    const erf = add(
      'Erf',
      [add('Div', [input, constant('root', Math.SQRT2)], `${part}/ratio`)],
      `${part}/erf`,
    );
    const share = add('Add', [erf, constant('one', 1)], `${part}/share`);
    return add('Mul', [add('Mul', [input, share], `${part}/product`), constant('half', 0.5)], part);
  };

  const [channels = 0, middle = 0] = first.weight.dims;
  const raised = double(reshape(keys, 'keys', [-1, channels]), first, '0');
  nodes.push(
    makeNode(
      'LayerNormalization',
      [raised, floats('1/gamma', [middle], gamma), floats('1/beta', [middle], beta)],
      [name('1')],
      { axis: -1 },
      { epsilon },
    ),
  );
  const pixels = gelu(double(gelu(name('1'), '2'), second, '3'), '4');
  const weights = reshape(hyper, '5/rows', [-1, second.weight.dims[1]!]);
  const product = add('Gemm', [weights, pixels], '5/product', { transB: 1 });
  const apart = reshape(product, '5/apart', [-1, rows, columns, 2, 2, 2, 2]);
  // Mask, row, column, first halving's y and x, second's y and x -> mask, row with its ys, column with its xs.
  const dealt = add('Transpose', [apart], '5/dealt', { perm: [0, 1, 3, 5, 2, 4, 6] });
  const size = integers('5/size', [1, -1, rows * 4, columns * 4]);
  nodes.push(makeNode('Reshape', [dealt, size], [masks]));
  const at = graph.nodes.indexOf(end);
  return { ...graph, nodes: [...graph.nodes.slice(0, at), ...nodes, ...graph.nodes.slice(at + 1)] };
}

interface TransposedConvolution {
  readonly input: string;
  /** [inputs, outputs, 2, 2] */
  readonly weight: OnnxTensor;
  /** [outputs] */
  readonly bias: OnnxTensor;
}

interface Upscaling {
  /** [1, rows * columns, channels] the image tokens as the transformer leaves them. */
  readonly keys: string;
  readonly first: TransposedConvolution;
  readonly second: TransposedConvolution;
  readonly gamma: Float32Array;
  readonly beta: Float32Array;
  readonly epsilon: number;
  readonly hyper: string;
  /** The node that makes the masks. */
  readonly end: OnnxNode;
}

/** Walks from the masks up; every step must be what the original's export has there. */
function findUpscaling(graph: OnnxGraph, masks: string): Upscaling | undefined {
  const producers = new Map(graph.nodes.flatMap((node) => node.outputs.map((name) => [name, node] as const)));
  const maker = (name: string | undefined, type: string): OnnxNode | undefined => {
    const node = producers.get(name ?? '');
    return node?.type === type ? node : undefined;
  };
  /** The input of the GELU that ends in a tensor, in PyTorch's export: x * (erf(x / sqrt 2) + 1) * 0.5. */
  const throughGelu = (name: string | undefined): string | undefined => {
    const product = maker(maker(name, 'Mul')?.inputs[0], 'Mul');
    const erf = maker(maker(product?.inputs[1], 'Add')?.inputs[0], 'Erf');
    const input = maker(erf?.inputs[0], 'Div')?.inputs[0];
    return input === product?.inputs[0] ? input : undefined;
  };
  const tensor = (name: string | undefined): OnnxTensor | undefined => {
    const content = graph.initializers.get(name ?? '');
    const read = content && readTensor(content);
    return read?.type === onnxTypes.float && read.raw !== undefined ? read : undefined;
  };
  const convolution = (name: string | undefined): TransposedConvolution | undefined => {
    const node = maker(name, 'ConvTranspose');
    const [weight, bias] = [tensor(node?.inputs[1]), tensor(node?.inputs[2])];
    if (weight?.dims.length !== 4 || weight.dims[2] !== 2 || weight.dims[3] !== 2) return undefined;
    return bias && { input: node!.inputs[0]!, weight, bias };
  };

  const end = maker(masks, 'Reshape');
  const product = maker(end?.inputs[0], 'MatMul');
  const second = convolution(throughGelu(maker(product?.inputs[1], 'Reshape')?.inputs[0]));
  // (x - mean) / sqrt(variance + epsilon) * gamma + beta
  const shift = maker(throughGelu(second?.input), 'Add');
  const scale = maker(shift?.inputs[0], 'Mul');
  const ratio = maker(scale?.inputs[1], 'Div');
  const difference = maker(ratio?.inputs[0], 'Sub');
  const first = convolution(difference?.inputs[0]);
  const padded = maker(maker(ratio?.inputs[1], 'Sqrt')?.inputs[0], 'Add');
  const variance = maker(padded?.inputs[0], 'ReduceMean');
  const mean = maker(difference?.inputs[1], 'ReduceMean');
  const [gamma, beta] = [tensor(scale?.inputs[0]), tensor(shift?.inputs[1])];
  const keys = maker(maker(first?.input, 'Reshape')?.inputs[0], 'Transpose')?.inputs[0];
  const constant = maker(padded?.inputs[1], 'Constant');
  const epsilon = constant && constantOf(constant);
  if (!end || !product || !first || !second || !variance || !gamma || !beta || !keys) return undefined;
  if (epsilon?.raw?.length !== 4) return undefined;
  if (mean?.inputs[0] !== difference?.inputs[0]) return undefined;
  return {
    keys,
    first,
    second,
    gamma: floatsOf(gamma),
    beta: floatsOf(beta),
    epsilon: floatsOf(epsilon)[0]!,
    hyper: product.inputs[0]!,
    end,
  };
}

/** Weights [inputs, outputs, 2, 2] of a transposed convolution as [inputs, 4 * outputs], columns grouped by sub-pixel. */
function matrixOf(weight: OnnxTensor): Float32Array {
  const [inputs = 0, outputs = 0] = weight.dims;
  const from = floatsOf(weight);
  const matrix = new Float32Array(inputs * 4 * outputs);
  for (let c = 0; c < inputs; c++)
    for (let sub = 0; sub < 4; sub++)
      for (let o = 0; o < outputs; o++)
        matrix[(c * 4 + sub) * outputs + o] = from[(c * outputs + o) * 4 + sub]!;
  return matrix;
}

/** A copy: the bytes of a message need not be aligned. */
const floatsOf = ({ raw }: OnnxTensor): Float32Array => new Float32Array(raw!.slice().buffer);

const bytesOf = (values: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
