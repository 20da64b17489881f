import { constantOf, makeConstant, type OnnxGraph } from './onnx-graph.js';
import { concatBytes } from './protobuf.js';

/** Tokens along either side of the encoder's output. */
const TOKENS = 64;
/** Constant [64, 64, 2]: coordinates of the image tokens, from which their positional encoding is computed. */
const GRID = '/pe_layer/Constant_output_0';

/**
 * The decoder for image embeddings of `rows` x `columns` tokens instead of 64 x 64, so that the tokens that stand for
 * padding, 44 % of them for a 16:9 picture, need not be computed. PyTorch's export of the original decoder is free of
 * fixed sizes but for one constant.
 *
 * @returns undefined when the graph has another form and tokens would have to go.
 */
export function trimTokens(graph: OnnxGraph, rows: number, columns: number): OnnxGraph | undefined {
  if (rows === TOKENS && columns === TOKENS) return graph;
  const grid = graph.nodes.find((node) => node.outputs.includes(GRID));
  const tensor = grid && constantOf(grid);
  if (tensor?.raw?.length !== TOKENS * TOKENS * 2 * 4) return undefined;
  const { raw, type } = tensor;
  const lines = Array.from({ length: rows }, (_, y) =>
    raw.subarray(y * TOKENS * 8, (y * TOKENS + columns) * 8),
  );
  const trimmed = makeConstant(GRID, [rows, columns, 2], type, concatBytes(lines));
  return { ...graph, nodes: graph.nodes.map((node) => (node === grid ? trimmed : node)) };
}
