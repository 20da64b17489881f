import type { TiledProduct, TileSize } from './tiled-product.js';

/** How a device multiplies matrices by subgroups. */
export interface SubgroupMatrices {
  /** Rows, columns and depth of the matrices: float16 factors, float32 sums. */
  readonly size: 8 | 16;
  /** Threads of every subgroup. */
  readonly subgroup: number;
  /** For tests: plain WGSL in place of the subgroups' matrices; `subgroup` is 1 then. */
  readonly standIn?: boolean;
}

/** The statements of WGSL that know what a subgroup's matrix is. */
interface MatrixLanguage {
  readonly element: string;
  readonly shared: string;
  /** Sets up `subgroupId` where it is no argument. */
  readonly declare: string;
  readonly zeros: string;
  readonly loadLeft: (array: string, at: string, stride: number) => string;
  readonly loadRight: (array: string, at: string, stride: number) => string;
  readonly multiply: (left: string, right: string, sums: string) => string;
  readonly store: (array: string, at: string, sums: string, stride: number) => string;
}

const experimental = (size: number): MatrixLanguage => ({
  element: 'f16',
  shared: '',
  declare: '',
  zeros: `subgroup_matrix_result<f32, ${size}, ${size}>()`,
  loadLeft: (array, at, stride) =>
    `subgroupMatrixLoad<subgroup_matrix_left<f16, ${size}, ${size}>, row_major>(&${array}, ${at}, ${stride}u)`,
  loadRight: (array, at, stride) =>
    `subgroupMatrixLoad<subgroup_matrix_right<f16, ${size}, ${size}>, row_major>(&${array}, ${at}, ${stride}u)`,
  multiply: (left, right, sums) => `subgroupMatrixMultiplyAccumulate(${left}, ${right}, ${sums})`,
  store: (array, at, sums, stride) =>
    `subgroupMatrixStore<row_major>(&${array}, ${at}, ${sums}, ${stride}u);`,
});

/**
 * The same in plain WGSL, for subgroups of one thread, which holds whole matrices: with it the places that the program reads and
 * writes are tested on devices that have no such matrices.
 */
const inPlainWgsl = (size: number): MatrixLanguage => {
  const load = (array: string): string => `fn loadFrom_${array}(at: u32, stride: u32) -> Matrix {
  var matrix: Matrix;
  for (var n = 0u; n < ${size * size}u; n++) { matrix[n] = ${array}[at + n / ${size}u * stride + n % ${size}u]; }
  return matrix;
}`;
  return {
    element: 'f32',
    shared: `alias Matrix = array<f32, ${size * size}>;
${load('aTile')}
${load('bTile')}
fn multiplied(left: Matrix, right: Matrix, sums: Matrix) -> Matrix {
  var result = sums;
  for (var n = 0u; n < ${size * size}u; n++) {
    for (var k = 0u; k < ${size}u; k++) {
      result[n] += left[n / ${size}u * ${size}u + k] * right[k * ${size}u + n % ${size}u];
    }
  }
  return result;
}
fn storeTo_staged(at: u32, matrix: Matrix, stride: u32) {
  for (var n = 0u; n < ${size * size}u; n++) { staged[at + n / ${size}u * stride + n % ${size}u] = matrix[n]; }
}`,
    declare: 'let subgroupId = lane;',
    zeros: 'Matrix()',
    loadLeft: (array, at, stride) => `loadFrom_${array}(${at}, ${stride}u)`,
    loadRight: (array, at, stride) => `loadFrom_${array}(${at}, ${stride}u)`,
    multiply: (left, right, sums) => `multiplied(${left}, ${right}, ${sums})`,
    store: (array, at, sums, stride) => `storeTo_${array}(${at}, ${sums}, ${stride}u);`,
  };
};

const range = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n));

/**
 * A tiled product as {@link TiledProduct} says, whose tiles are multiplied by subgroups as a whole (tensor cores, where a GPU has
 * them): four subgroups (two of 128 threads) share the 64 rows, each holds its rows of the tile in float32. `a4` gives four values along k, `b4` four
 * along the columns. The program's `main` has a third argument, `subgroupId`, where matrices are not stood in for.
 */
export const matrixProduct = (
  columns: TileSize,
  { size, subgroup, standIn = false }: SubgroupMatrices,
  depth: 16 | 32,
): TiledProduct => {
  const language = standIn ? inPlainWgsl(size) : experimental(size);
  const subgroups = subgroup > 64 ? 2 : 4;
  const threads = subgroups * subgroup;
  const share = 64 / subgroups;
  // Matrices of a subgroup along its rows, and along the columns.
  const [high, wide] = [share / size, columns / size];
  const sums = (i: number, j: number): string => `sums${i}_${j}`;
  const scatter = (array: string, at: string): string =>
    range(4, (i) => `${array}[${at} + ${i}u] = four[${i}];`).join(' ');
  return {
    threads,
    shared: `var<workgroup> aTile: array<${language.element}, ${64 * depth}>;
var<workgroup> bTile: array<${language.element}, ${depth * columns}>;
var<workgroup> staged: array<f32, ${subgroups * size * size}>;
${language.shared}`,
    declare: [
      language.declare,
      ...range(high, (i) => range(wide, (j) => `var ${sums(i, j)} = ${language.zeros};`)).flat(),
    ].join('\n'),
    accumulate: (begin, end) => `for (var at = ${begin}; at < ${end}; at += ${depth}u) {
      for (var n = lane; n < ${(64 * depth) / 4}u; n += ${threads}u) {
        let four = a4(n / ${depth / 4}u, at + n % ${depth / 4}u * 4u);
        ${scatter('aTile', 'n * 4u')}
      }
      for (var n = lane; n < ${(depth * columns) / 4}u; n += ${threads}u) {
        let four = b4(n % ${columns / 4}u * 4u, at + n / ${columns / 4}u);
        ${scatter('bTile', 'n * 4u')}
      }
      workgroupBarrier();
      for (var k = 0u; k < ${depth}u; k += ${size}u) {
        ${range(
          high,
          (i) =>
            `let a${i} = ${language.loadLeft('aTile', `(subgroupId * ${share}u + ${i * size}u) * ${depth}u + k`, depth)};`,
        ).join('\n')}
        ${range(wide, (j) =>
          [
            `let b${j} = ${language.loadRight('bTile', `k * ${columns}u + ${j * size}u`, columns)};`,
            ...range(high, (i) => `${sums(i, j)} = ${language.multiply(`a${i}`, `b${j}`, sums(i, j))};`),
          ].join('\n'),
        ).join('\n')}
      }
      workgroupBarrier();
    }`,
    // One matrix of each subgroup at a time, so that workgroup memory need not hold the tile.
    store: range(high, (i) =>
      range(
        wide,
        (j) => `${language.store('staged', `subgroupId * ${size * size}u`, sums(i, j), size)}
  workgroupBarrier();
  for (var n = lane; n < ${(subgroups * size * size) / 4}u; n += ${threads}u) {
    let row = n / ${size / 4}u;
    let four = vec4f(staged[n * 4u], staged[n * 4u + 1u], staged[n * 4u + 2u], staged[n * 4u + 3u]);
    store4(row / ${size}u * ${share}u + ${i * size}u + row % ${size}u, ${j * size}u + n % ${size / 4}u * 4u, four);
  }
  workgroupBarrier();`,
      ),
    )
      .flat()
      .join('\n'),
  };
};

/**
 * The matrices that an adapter's subgroups can multiply, of those that programs here are made for; undefined where there are none, or
 * where subgroups may differ in size.
 */
export const matricesOf = (info: GPUAdapterInfo): SubgroupMatrices | undefined => {
  const { subgroupMatrixConfigs, subgroupMinSize, subgroupMaxSize } = info as GPUAdapterInfo & {
    readonly subgroupMatrixConfigs?: Iterable<{
      readonly componentType: string;
      readonly resultComponentType: string;
      readonly M: number;
      readonly N: number;
      readonly K: number;
    }>;
  };
  if (!subgroupMatrixConfigs || !subgroupMaxSize || subgroupMinSize !== subgroupMaxSize) return undefined;
  const sizes = [...subgroupMatrixConfigs]
    .filter(
      ({ componentType, resultComponentType }) => componentType === 'f16' && resultComponentType === 'f32',
    )
    .filter(({ M, N, K }) => M === N && N === K)
    .map(({ M }) => M);
  const size = ([16, 8] as const).find((known) => sizes.includes(known));
  return size && { size, subgroup: subgroupMaxSize };
};
