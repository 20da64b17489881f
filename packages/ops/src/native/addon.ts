/** A typed-array argument that may be left out. */
type Optional<T> = T | null;
type Floats = Float32Array;
type Ints = Int32Array;

/** A kernel map's pairs in one direction, as spread arguments: taps, rows, inputRows, blockRows, offsets, from, to, fullTap. */
export type PairArguments = readonly [number, number, number, number, Ints, Ints, Ints, number];
/** rows, count, columns, offsets, order, segmentOf. */
export type SegmentArguments = readonly [number, number, number, Ints, Ints, Ints];
/**
 * rows, segments, layers, widths [layers + 1], offsets, order, epsilon, x, parameters (of each layer gamma, beta, w, bias),
 * statistics (of each layer mean, variance), how many layers' rows are given, and these: of each but the last, or none.
 */
export type PointEncoderArguments = readonly [
  ...[rows: number, segments: number, layers: number, widths: Ints, offsets: Ints, order: Ints],
  ...[epsilon: number, x: Floats, parameters: readonly Floats[], statistics: readonly Floats[]],
  ...[hiddenCount: number, hidden: readonly Floats[]],
];
/** rays, samples, classes, offsets, t, delta. */
export type RayArguments = readonly [number, number, number, Ints, Floats, Floats];
/** rows, columns, alpha, after, epsilon. */
export type BatchNormArguments = readonly [number, number, number, number, number];
/** outer stride, inner stride (0 or 1), data. */
export type OperandArguments = readonly [number, number, Floats];
export type Triple = readonly [number, number, number];
/** coords, rows, shape, wrap, kernel, stride, padding. */
export type StridedArguments = readonly [
  Ints,
  number,
  ...Triple,
  wrap: number,
  ...kernel: Triple,
  ...stride: Triple,
  ...padding: Triple,
];

/**
 * The functions of the C++ add-on, as native/src/binding defines them: counts first, then inputs, then outputs, all in
 * place. Flags are 0 or 1. A wrong type or a length that is too short throws a RangeError.
 */
export interface NativeAddon {
  threads(count: number): number;
  isas(): string[];
  isa(name: string): string;
  allocate(bytes: number): ArrayBuffer;
  release(buffer: ArrayBuffer): void;

  voxelize(
    ...args: [
      ...[
        count: number,
        ...low: Triple,
        ...high: Triple,
        ...interval: Triple,
        ...shape: Triple,
        drop: number,
      ],
      ...[positions: Floats, intensity: Floats, voxelOfPoint: Ints, features: Floats],
    ]
  ): Ints;
  submanifoldMap(
    ...args: [Ints, number, ...Triple, wrap: number, ...kernel: Triple, inputOf: Ints, outputOf: Ints]
  ): number;
  stridedOutputs(...args: StridedArguments): Ints;
  stridedMap(
    ...args: [
      ...StridedArguments,
      ...[...outShape: Triple, outCoords: Ints, outRows: number, inputOf: Ints, outputOf: Ints],
    ]
  ): number;
  /** offsets [taps * (blocks + 1)], from [pairs], to [pairs], one after another. */
  pairList(rows: number, taps: number, inputRows: number, blockRows: number, inputOf: Ints): Ints;
  /**
   * The same of the map that parts tell of, whose rows follow one another. numbers: of every part its in and out shape,
   * stride, padding, whether azimuth wraps, and [taps * 3] offsets; coords: of every part inCoords and outCoords.
   */
  partPairs(
    inverse: number,
    rows: number,
    taps: number,
    inputRows: number,
    blockRows: number,
    parts: number,
    numbers: Ints,
    coords: readonly Ints[],
  ): Ints;

  sparseConv(
    ...args: [
      ...PairArguments,
      ...[
        depth: number,
        columns: number,
        transposed: number,
        x: Floats,
        w: Floats,
        bias: Optional<Floats>,
        y: Floats,
      ],
    ]
  ): void;
  sparseConvWeightGradient(
    ...args: [...PairArguments, depth: number, columns: number, x: Floats, dy: Floats, dw: Floats]
  ): void;
  linear(
    rows: number,
    depth: number,
    columns: number,
    transposed: number,
    activation: number,
    x: Floats,
    w: Floats,
    bias: Optional<Floats>,
    y: Floats,
  ): void;
  linearGradient(
    rows: number,
    columns: number,
    activation: number,
    y: Floats,
    dy: Floats,
    dz: Optional<Floats>,
    dbias: Optional<Floats>,
  ): void;
  matmulTransposed(rows: number, depth: number, columns: number, x: Floats, w: Floats, y: Floats): void;

  gatherRows(
    rows: number,
    columns: number,
    samples: number,
    corners: number,
    indices: Ints,
    weights: Optional<Floats>,
    x: Floats,
    y: Floats,
  ): void;
  scatterAdd(
    rows: number,
    columns: number,
    samples: number,
    corners: number,
    indices: Ints,
    weights: Optional<Floats>,
    dy: Floats,
    dx: Floats,
  ): void;
  /** best, in training: [segments * columns] rows in order of segment, or -1. */
  encodePoints(...args: [...PointEncoderArguments, training: number, y: Floats, best: Optional<Ints>]): void;
  /** gradients: of each layer gamma, beta, w, bias; room: of each but the first layer [rows * depth]. */
  encodePointsGradient(
    ...args: [
      ...PointEncoderArguments,
      ...[best: Ints, dy: Floats, gradients: readonly Floats[], room: readonly Floats[]],
    ]
  ): void;
  segmentMax(...args: [...SegmentArguments, x: Floats, y: Floats]): void;
  segmentMaxGradient(...args: [...SegmentArguments, x: Floats, y: Floats, dy: Floats, dx: Floats]): void;
  segmentMean(...args: [...SegmentArguments, x: Floats, y: Floats]): void;
  segmentMeanGradient(...args: [...SegmentArguments, dy: Floats, dx: Floats]): void;
  compositeRays(
    ...args: [
      ...RayArguments,
      ...[density: Floats, values: Floats, out: Floats, opacity: Floats, depth: Floats, weights: Floats],
    ]
  ): void;
  compositeRaysGradient(
    ...args: [
      ...RayArguments,
      ...[density: Floats, values: Floats, weights: Floats, dy: Floats, dOpacity: Floats, dDepth: Floats],
      ...[dWeights: Floats, dDensity: Floats, dValues: Floats],
    ]
  ): void;

  batchNorm(
    ...args: [
      ...BatchNormArguments,
      ...[
        x: Floats,
        gamma: Floats,
        beta: Floats,
        mean: Floats,
        variance: Floats,
        y: Floats,
        training: number,
      ],
    ]
  ): void;
  batchNormGradient(
    ...args: [
      ...BatchNormArguments,
      ...[x: Floats, gamma: Floats, beta: Floats, mean: Floats, variance: Floats, dy: Floats],
      ...[dx: Floats, dgamma: Floats, dbeta: Floats],
    ]
  ): void;
  crossEntropy(
    rows: number,
    classes: number,
    logits: Floats,
    labels: Uint8Array,
    rowWeights: Optional<Floats>,
    loss: Floats,
  ): number;
  crossEntropyGradient(
    rows: number,
    classes: number,
    logits: Floats,
    labels: Uint8Array,
    rowWeights: Optional<Floats>,
    dy: number,
    dlogits: Floats,
  ): void;
  lovasz(
    rows: number,
    classes: number,
    probabilities: Floats,
    labels: Uint8Array,
    loss: Floats,
    gradient: Floats,
  ): void;
  /** tensors: parameter, gradient, moments of one after another; results: parameter, moments. */
  adamW(
    count: number,
    learningRate: number,
    beta1: number,
    beta2: number,
    epsilon: number,
    correction1: number,
    correction2: number,
    weightDecays: readonly number[],
    tensors: readonly Floats[],
    results: readonly Floats[],
  ): void;
  /** results[k] = sum over terms t of weights[t * count + k] * tensors[t * count + k]. */
  weightedSums(
    count: number,
    terms: number,
    weights: readonly number[],
    tensors: readonly Floats[],
    results: readonly Floats[],
  ): void;
  squareSums(count: number, tensors: readonly Floats[], sums: Floats): void;

  unary(op: number, count: number, a: number, b: number, x: Floats, y: Floats): void;
  binary(
    ...args: [op: number, outer: number, inner: number, ...OperandArguments, ...OperandArguments, y: Floats]
  ): void;
  compare(op: number, count: number, scalar: number, a: Floats, b: Floats, y: Uint8Array): void;
  select(count: number, condition: Uint8Array, a: Floats, b: Floats, y: Floats): void;
  addAll(terms: number, count: number, y: Floats, ...x: Floats[]): void;
  reduce(
    op: number,
    outer: number,
    inner: number,
    overOuter: number,
    scale: number,
    x: Floats,
    y: Floats,
  ): void;
  softmax(rows: number, columns: number, logarithm: number, x: Floats, y: Floats): void;
  argMax(rows: number, columns: number, x: Floats, y: Ints): void;
  transpose(rows: number, columns: number, x: Floats, y: Floats): void;
  copyRuns(
    count: number,
    width: number,
    xOffset: number,
    xStride: number,
    yOffset: number,
    yStride: number,
    x: Floats,
    y: Floats,
  ): void;
}

/** Loads the add-on from a file; throws what the loader says. */
export const loadAddon = (file: string): NativeAddon => {
  const module: { exports: unknown } = { exports: {} };
  // Not in every version of the type definitions.
  (process as NodeJS.Process & { dlopen(module: object, file: string): void }).dlopen(module, file);
  return module.exports as NativeAddon;
};
