/**
 * The inner part of a tiled matrix product C = A . B in WGSL. A workgroup computes one tile of C: slices of A and B, 16 deep,
 * wait in workgroup memory, and every thread holds a block of C (4 or 8 values along each side) in registers. Sums are float32,
 * also where slices are float16 (`tiles`). The program around it says where A and B come from:
 *
 * - `fn a4(outer: u32, k: u32) -> vec4f`: four values of A from row `outer` of the tile, along k where `a` is 'k', along the
 *   rows where it is 'outer'; zeros outside. `b4` likewise with columns. Both give vec4<f16> for float16 slices;
 * - `fn store4(row: u32, column: u32, value: vec4f)`: takes four columns of a row of the tile.
 */
export interface TiledProduct {
  /** Threads of the workgroup. */
  readonly threads: number;
  /** Module scope declarations. */
  readonly shared: string;
  /** Sets up the thread's block; needs `lane`. */
  readonly declare: string;
  /** Adds A . B over k from `begin` to `end` (WGSL expressions, the same for the whole workgroup). */
  readonly accumulate: (begin: string, end: string) => string;
  /** Hands the block to `store4`. */
  readonly store: string;
}

export type TileSize = 16 | 32 | 64;

/** What the slices in workgroup memory hold, and how deep they are. */
export interface Tiles {
  readonly element: 'f32' | 'f16';
  readonly depth: 16 | 32;
}

/** The tile's side for a matrix side of this length: no more than half of it is wasted. */
export const tileFor = (length: number): TileSize => (length <= 16 ? 16 : length <= 32 ? 32 : 64);

const times = (count: number, line: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => line(n)).join('\n');

export const tiledProduct = (
  rows: TileSize,
  columns: TileSize,
  along: { readonly a: 'k' | 'outer'; readonly b: 'k' | 'outer' },
  { element, depth }: Tiles = { element: 'f32', depth: 16 },
): TiledProduct => {
  const four = element === 'f32' ? 'vec4f' : 'vec4<f16>';
  const fourByFour = element === 'f32' ? 'mat4x4f' : 'mat4x4<f16>';
  const float32 = (values: string): string => (element === 'f32' ? values : `vec4f(${values})`);
  // Blocks of each thread in vectors of four along rows and columns; threads along both.
  const [blockRows, blockColumns] = [rows === 64 && columns > 16 ? 2 : 1, columns === 64 ? 2 : 1];
  const [threadRows, threadColumns] = [rows / 4 / blockRows, columns / 4 / blockColumns];
  const threads = threadRows * threadColumns;
  const load = (matrix: 'a' | 'b', width: number): string => {
    const groups = width / 4;
    if (along[matrix] === 'outer') {
      return `for (var n = lane; n < ${depth * groups}u; n += ${threads}u) {
        ${matrix}Tile[n] = ${matrix}4((n % ${groups}u) * 4u, at + n / ${groups}u);
      }`;
    }
    // Four by four values turned over in registers, so that workgroup memory has k outermost.
    return `for (var n = lane; n < ${(depth / 4) * groups}u; n += ${threads}u) {
        let outer = (n % ${groups}u) * 4u;
        let k = (n / ${groups}u) * 4u;
        let turned = transpose(${fourByFour}(${[0, 1, 2, 3].map((i) => `${matrix}4(outer + ${i}u, at + k)`).join(', ')}));
        ${times(4, (i) => `${matrix}Tile[(k + ${i}u) * ${groups}u + n % ${groups}u] = turned[${i}];`)}
      }`;
  };
  return {
    threads,
    shared: `var<workgroup> aTile: array<${four}, ${(depth * rows) / 4}>;
var<workgroup> bTile: array<${four}, ${(depth * columns) / 4}>;`,
    declare: `let threadRow = lane / ${threadColumns}u;
    let threadColumn = lane % ${threadColumns}u;
    ${times(blockRows * 4 * blockColumns, (n) => `var sum${n} = vec4f();`)}`,
    accumulate: (begin, end) => `for (var at = ${begin}; at < ${end}; at += ${depth}u) {
      ${load('a', rows)}
      ${load('b', columns)}
      workgroupBarrier();
      for (var k = 0u; k < ${depth}u; k++) {
        ${times(blockRows, (i) => `let a${i} = ${float32(`aTile[k * ${rows / 4}u + threadRow + ${i * threadRows}u]`)};`)}
        ${times(blockColumns, (j) => `let b${j} = ${float32(`bTile[k * ${columns / 4}u + threadColumn + ${j * threadColumns}u]`)};`)}
        ${times(blockRows * 4, (r) =>
          times(blockColumns, (j) => {
            const sum = `sum${r * blockColumns + j}`;
            return `${sum} = fma(vec4f(a${Math.floor(r / 4)}[${r % 4}]), b${j}, ${sum});`;
          }),
        )}
      }
      workgroupBarrier();
    }`,
    store: times(blockRows * 4, (r) =>
      times(blockColumns, (j) => {
        const row = `(threadRow + ${Math.floor(r / 4) * threadRows}u) * 4u + ${r % 4}u`;
        const column = `(threadColumn + ${j * threadColumns}u) * 4u`;
        return `store4(${row}, ${column}, sum${r * blockColumns + j});`;
      }),
    ),
  };
};

/**
 * WGSL of `fn ${name}(at: u32, count: u32) -> vec4f`: four values of a row-major buffer from `at`, of which `count` may be read
 * (zeros behind; what lies outside the buffer WebGPU makes safe to read). `wide`: the buffer is of vec4f, rows are multiples of four.
 */
export const readFour = (name: string, buffer: string, wide: boolean): string =>
  wide
    ? `fn ${name}(at: u32, count: u32) -> vec4f {
  return select(vec4f(), ${buffer}[at / 4u], count > 0u);
}`
    : `fn ${name}(at: u32, count: u32) -> vec4f {
  let four = vec4f(${buffer}[at], ${buffer}[at + 1u], ${buffer}[at + 2u], ${buffer}[at + 3u]);
  return select(vec4f(), four, vec4u(count) > vec4u(0u, 1u, 2u, 3u));
}`;

/** WGSL of `fn ${name}(at: u32, count: u32, four: vec4f)`: writes the first `count` of four values. */
export const writeFour = (name: string, buffer: string, wide: boolean): string =>
  wide
    ? `fn ${name}(at: u32, count: u32, four: vec4f) {
  if (count > 0u) { ${buffer}[at / 4u] = four; }
}`
    : `fn ${name}(at: u32, count: u32, four: vec4f) {
  if (count > 0u) { ${buffer}[at] = four.x; }
  if (count > 1u) { ${buffer}[at + 1u] = four.y; }
  if (count > 2u) { ${buffer}[at + 2u] = four.z; }
  if (count > 3u) { ${buffer}[at + 3u] = four.w; }
}`;

/** WGSL of `fn left(at: u32, end: u32) -> u32`: how many of four places from `at` lie before `end`. */
export const left = `fn left(at: u32, end: u32) -> u32 { return select(0u, end - at, at < end); }`;
