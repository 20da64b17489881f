/** The joined sets of a graph's nodes. */
interface Forest {
  readonly parent: Int32Array;
  readonly size: Int32Array;
}

export interface FelzenszwalbOptions {
  /** Larger: larger segments. The threshold that a border must beat is k / size of the segment. */
  readonly k: number;
  /** Smaller segments join their most similar neighbour. */
  readonly minSize: number;
}

/**
 * Efficient graph-based segmentation (Felzenszwalb and Huttenlocher, IJCV 2004): pixels are joined along edges of the
 * 8-neighbour grid from the least colour difference up, unless the edge is stronger than what either side holds together.
 *
 * @param colors [H*W*3]
 * @returns labels [H*W], 0..count-1 in the order of each segment's first pixel.
 */
export function felzenszwalb(
  colors: Float32Array,
  width: number,
  height: number,
  { k, minSize }: FelzenszwalbOptions,
): { labels: Int32Array; count: number } {
  const edges = sortedEdges(colors, width, height);
  const nodes = width * height;
  const forest: Forest = {
    parent: Int32Array.from({ length: nodes }, (_, i) => i),
    size: new Int32Array(nodes).fill(1),
  };
  const threshold = new Float32Array(nodes).fill(k);
  for (let e = 0; e < edges.weight.length; e++) {
    const a = rootOf(forest.parent, edges.from[e]!);
    const b = rootOf(forest.parent, edges.to[e]!);
    const weight = edges.weight[e]!;
    if (a === b || weight > threshold[a]! || weight > threshold[b]!) continue;
    const root = join(forest, a, b);
    threshold[root] = weight + k / forest.size[root]!;
  }
  for (let e = 0; e < edges.weight.length; e++) {
    const a = rootOf(forest.parent, edges.from[e]!);
    const b = rootOf(forest.parent, edges.to[e]!);
    if (a !== b && (forest.size[a]! < minSize || forest.size[b]! < minSize)) join(forest, a, b);
  }
  const labelOfRoot = new Int32Array(nodes).fill(-1);
  const labels = new Int32Array(nodes);
  let count = 0;
  for (let i = 0; i < nodes; i++) {
    const root = rootOf(forest.parent, i);
    if (labelOfRoot[root] === -1) labelOfRoot[root] = count++;
    labels[i] = labelOfRoot[root]!;
  }
  return { labels, count };
}

function rootOf(parent: Int32Array, node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]!]!;
    at = parent[at]!;
  }
  return at;
}

function join({ parent, size }: Forest, a: number, b: number): number {
  const [root, leaf] = size[a]! >= size[b]! ? [a, b] : [b, a];
  parent[leaf] = root;
  size[root]! += size[leaf]!;
  return root;
}

/** Edges by ascending colour difference; equal ones in the order of the pixels, so that the result never varies. */
function sortedEdges(colors: Float32Array, width: number, height: number) {
  const capacity = 4 * width * height;
  const from = new Int32Array(capacity);
  const to = new Int32Array(capacity);
  const weight = new Float32Array(capacity);
  let count = 0;
  const add = (a: number, b: number): void => {
    const red = colors[3 * a]! - colors[3 * b]!;
    const green = colors[3 * a + 1]! - colors[3 * b + 1]!;
    const blue = colors[3 * a + 2]! - colors[3 * b + 2]!;
    from[count] = a;
    to[count] = b;
    weight[count++] = Math.sqrt(red * red + green * green + blue * blue);
  };
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      if (x + 1 < width) add(pixel, pixel + 1);
      if (y + 1 < height) add(pixel, pixel + width);
      if (x + 1 < width && y + 1 < height) add(pixel, pixel + width + 1);
      if (x + 1 < width && y > 0) add(pixel, pixel - width + 1);
    }
  // A counting sort on sixteenths of a grey level: finer than the picture's own steps.
  const bucketOf = (e: number): number => Math.floor(weight[e]! * 16);
  const starts = new Int32Array(Math.ceil(255 * Math.sqrt(3) * 16) + 3);
  for (let e = 0; e < count; e++) starts[bucketOf(e) + 1]!++;
  for (let b = 1; b < starts.length; b++) starts[b]! += starts[b - 1]!;
  const sorted = {
    from: new Int32Array(count),
    to: new Int32Array(count),
    weight: new Float32Array(count),
  };
  for (let e = 0; e < count; e++) {
    const at = starts[bucketOf(e)]!++;
    sorted.from[at] = from[e]!;
    sorted.to[at] = to[e]!;
    sorted.weight[at] = weight[e]!;
  }
  return sorted;
}
