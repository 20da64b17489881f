/**
 * The inner part of a tiled matrix product C = A . B in WGSL. A workgroup computes one tile of C: slices of A and B, 16 deep,
 * wait in workgroup memory, and every thread holds a block of C (4 or 8 values along each side) in registers. Sums are float32,
 * also where slices are float16 (`tiles`). The program around it says where A and B come from:
 *
 * - `fn a4(outer: u32, k: u32) -> vec4f`: four values of A from row `outer` of the tile, along k or along the rows (`along`);
 *   zeros outside;
 * - `fn b4(outer: u32, k: u32) -> vec4f`: four values of B along the columns from column `outer` of the tile. Both give vec4<f16> for
 *   float16 slices;
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

/** How a slice of A lies in workgroup memory, and how it is read: WGSL. */
interface SliceOfA {
  /** Its vectors of four. */
  readonly size: number;
  /** The arguments of `a4` for the vector of this number (without the slice's beginning), and where it goes. */
  readonly source: (n: string) => { readonly outer: string; readonly k: string; readonly place: string };
  /** The tile's row of the thread's row of this number. */
  readonly rowOf: (r: number) => string;
  /** Reads what four steps of k need, and what one of them does. */
  readonly readFour: string;
  readonly readOne: (k: number) => string;
  /** The factor of a row of the thread in one of the four steps. */
  readonly factor: (r: number, k: number) => string;
}

/**
 * Values come along k: neighbouring threads load neighbouring values of a row. Rows of the slice are a vector longer than they
 * need be, so that threads that read different rows do not meet in a bank of workgroup memory.
 */
const alongK = (rows: number, depth: number, blockRows: number, read: (at: string) => string): SliceOfA => {
  const fours = depth / 4;
  const threadRows = rows / 4 / blockRows;
  return {
    size: rows * (fours + 1),
    source: (n) => ({
      outer: `${n} / ${fours}u`,
      k: `(${n} % ${fours}u) * 4u`,
      place: `(${n} / ${fours}u) * ${fours + 1}u + ${n} % ${fours}u`,
    }),
    rowOf: (r) => `threadRow + ${r * threadRows}u`,
    readFour: times(
      blockRows * 4,
      (r) => `let a${r} = ${read(`(threadRow + ${r * threadRows}u) * ${fours + 1}u + four`)};`,
    ),
    readOne: () => '',
    factor: (r, k) => `a${r}[${k}]`,
  };
};

/** Values come along the rows. */
const alongRows = (
  rows: number,
  depth: number,
  blockRows: number,
  read: (at: string) => string,
): SliceOfA => {
  const fours = rows / 4;
  const threadRows = fours / blockRows;
  return {
    size: depth * fours,
    source: (n) => ({ outer: `(${n} % ${fours}u) * 4u`, k: `${n} / ${fours}u`, place: n }),
    rowOf: (r) => `(threadRow + ${Math.floor(r / 4) * threadRows}u) * 4u + ${r % 4}u`,
    readFour: '',
    readOne: (k) =>
      times(
        blockRows,
        (i) =>
          `let a${k}_${i} = ${read(`(four * 4u + ${k}u) * ${fours}u + threadRow + ${i * threadRows}u`)};`,
      ),
    factor: (r, k) => `a${k}_${Math.floor(r / 4)}[${r % 4}]`,
  };
};

/** @param along whether four values of A lie along k or along the rows */
export const tiledProduct = (
  rows: TileSize,
  columns: TileSize,
  along: 'k' | 'rows',
  { element, depth }: Tiles = { element: 'f32', depth: 16 },
): TiledProduct => {
  const four = element === 'f32' ? 'vec4f' : 'vec4<f16>';
  const float32 = (values: string): string => (element === 'f32' ? values : `vec4f(${values})`);
  // Blocks of each thread in vectors of four along rows and columns; threads along both.
  const [blockRows, blockColumns] = [rows === 64 && columns > 16 ? 2 : 1, columns === 64 ? 2 : 1];
  const [threadRows, threadColumns] = [rows / 4 / blockRows, columns / 4 / blockColumns];
  const threads = threadRows * threadColumns;
  const a = (along === 'k' ? alongK : alongRows)(rows, depth, blockRows, (at) => float32(`aTile[${at}]`));
  const columnFours = columns / 4;
  // Vectors of four that every thread carries from memory to a slice.
  const [loadsA, loadsB] = [(rows * depth) / 4 / threads, (depth * columnFours) / threads];
  const number = (n: number): string => `(lane + ${n * threads}u)`;
  const load = (at: string): string =>
    [
      times(loadsA, (n) => {
        const { outer, k } = a.source(number(n));
        return `nextA${n} = a4(${outer}, ${at} + ${k});`;
      }),
      times(
        loadsB,
        (n) =>
          `nextB${n} = b4((${number(n)} % ${columnFours}u) * 4u, ${at} + ${number(n)} / ${columnFours}u);`,
      ),
    ].join('\n');
  return {
    threads,
    shared: `var<workgroup> aTile: array<${four}, ${a.size}>;
var<workgroup> bTile: array<${four}, ${depth * columnFours}>;`,
    declare: `let threadRow = lane / ${threadColumns}u;
    let threadColumn = lane % ${threadColumns}u;
    ${times(blockRows * 4 * blockColumns, (n) => `var sum${n} = vec4f();`)}
    ${times(loadsA, (n) => `var nextA${n}: ${four};`)}
    ${times(loadsB, (n) => `var nextB${n}: ${four};`)}`,
    // While a slice is multiplied the next one is on its way from memory: on an H200 1.2 to 1.7 times as fast as without.
    accumulate: (begin, end) => `if (${begin} < ${end}) {
      ${load(begin)}
    }
    for (var at = ${begin}; at < ${end}; at += ${depth}u) {
      ${times(loadsA, (n) => `aTile[${a.source(number(n)).place}] = nextA${n};`)}
      ${times(loadsB, (n) => `bTile[${number(n)}] = nextB${n};`)}
      workgroupBarrier();
      if (at + ${depth}u < ${end}) {
        ${load(`(at + ${depth}u)`)}
      }
      for (var four = 0u; four < ${depth / 4}u; four++) {
        ${a.readFour}
        ${times(4, (k) =>
          [
            a.readOne(k),
            times(
              blockColumns,
              (j) =>
                `let b${k}_${j} = ${float32(`bTile[(four * 4u + ${k}u) * ${columnFours}u + threadColumn + ${j * threadColumns}u]`)};`,
            ),
            times(blockRows * 4, (r) =>
              times(blockColumns, (j) => {
                const sum = `sum${r * blockColumns + j}`;
                return `${sum} = fma(vec4f(${a.factor(r, k)}), b${k}_${j}, ${sum});`;
              }),
            ),
          ].join('\n'),
        )}
      }
      workgroupBarrier();
    }`,
    store: times(blockRows * 4, (r) =>
      times(blockColumns, (j) => {
        const column = `(threadColumn + ${j * threadColumns}u) * 4u`;
        return `store4(${a.rowOf(r)}, ${column}, sum${r * blockColumns + j});`;
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
