import type { KernelMapPart } from '../kernels.js';
import type { NerfsegWebGpuBackend } from './backend.js';
import { perItem, runItems } from './program.js';
import type { Resident } from './resident.js';
import { derived, uploaded } from './residents.js';

const clear = perItem({
  name: 'kernel map: free slots',
  reads: {},
  writes: { cells: 'u32' },
  params: {},
  code: 'fn each(index: u32) { cells[index] = 0xffffffffu; }',
});

const slotOf = 'fn slotOf(cell: u32) -> u32 { return (cell * 0x9e3779b1u) >> params.shift; }';

// Which slot a cell gets depends on who comes first; which row is found for it does not.
const insert = perItem({
  name: 'kernel map: insert',
  reads: { coords: 'i32' },
  writes: { cells: 'atomic<u32>', rowOf: 'u32' },
  params: { shift: 'u32', mask: 'u32', phi: 'u32', z: 'u32' },
  code: `${slotOf}
fn each(row: u32) {
  let cell = (u32(coords[row * 3u]) * params.phi + u32(coords[row * 3u + 1u])) * params.z + u32(coords[row * 3u + 2u]);
  var slot = slotOf(cell);
  loop {
    let found = atomicCompareExchangeWeak(&cells[slot], 0xffffffffu, cell);
    if (found.exchanged) {
      rowOf[slot] = row;
      break;
    }
    if (found.old_value != 0xffffffffu) { slot = (slot + 1u) & params.mask; }
  }
}`,
});

/** A hash table from cell to row. */
interface CellTable {
  readonly cells: Resident;
  readonly rowOf: Resident;
  readonly shift: number;
  readonly mask: number;
}

/** Built once per array of coordinates: the maps of a level share it. At most half of its slots are used. */
const cellTable = (
  gpu: NerfsegWebGpuBackend,
  coords: Int32Array,
  [, phi, z]: readonly number[],
): CellTable => {
  const rows = coords.length / 3;
  const bits = Math.max(4, Math.ceil(Math.log2(Math.max(1, rows * 2))));
  const shift = 32 - bits;
  const mask = 2 ** bits - 1;
  const [cells, rowOf] = derived(gpu, coords, `cells ${phi} ${z}`, () => {
    const slots = gpu.allocateResident(2 ** bits * 4, `a table of ${rows} voxels`);
    const found = gpu.allocateResident(2 ** bits * 4, `a table of ${rows} voxels`);
    runItems(gpu, clear, 2 ** bits, { reads: {}, writes: { cells: slots } });
    runItems(gpu, insert, rows, {
      reads: { coords: uploaded(gpu, coords, 'coordinates') },
      writes: { cells: slots, rowOf: found },
      params: { shift, mask, phi, z },
    });
    return [slots, found] as const;
  });
  return { cells, rowOf, shift, mask };
};

const lookUp = perItem({
  name: 'kernel map: look up',
  reads: { coords: 'i32', offsets: 'i32', cells: 'u32', rowOf: 'u32' },
  writes: { neighbours: 'i32' },
  params: {
    shift: 'u32',
    mask: 'u32',
    taps: 'u32',
    firstRow: 'u32',
    place: 'u32',
    first: 'i32',
    inverse: 'u32',
    wrap: 'u32',
    strideRho: 'i32',
    stridePhi: 'i32',
    strideZ: 'i32',
    paddingRho: 'i32',
    paddingPhi: 'i32',
    paddingZ: 'i32',
    sizeRho: 'i32',
    sizePhi: 'i32',
    sizeZ: 'i32',
    azimuth: 'i32',
  },
  code: `${slotOf}
fn each(index: u32) {
  let row = params.firstRow + index / params.taps;
  let tap = index % params.taps;
  let own = vec3i(coords[row * 3u], coords[row * 3u + 1u], coords[row * 3u + 2u]);
  let offset = vec3i(offsets[tap * 3u], offsets[tap * 3u + 1u], offsets[tap * 3u + 2u]);
  let stride = vec3i(params.strideRho, params.stridePhi, params.strideZ);
  let padding = vec3i(params.paddingRho, params.paddingPhi, params.paddingZ);
  let size = vec3i(params.sizeRho, params.sizePhi, params.sizeZ);
  var at = select(own * stride - padding + offset, own + padding - offset, params.inverse != 0u);
  if (params.wrap != 0u) { at.y = ((at.y % params.azimuth) + params.azimuth) % params.azimuth; }
  var isThere = all(at >= vec3i());
  if (params.inverse != 0u) {
    isThere = isThere && all(at % stride == vec3i());
    at /= stride;
  }
  isThere = isThere && all(at < size);
  var neighbour = -1;
  if (isThere) {
    let cell = u32((at.x * size.y + at.y) * size.z + at.z);
    var slot = slotOf(cell);
    var found = cells[slot];
    while (found != cell && found != 0xffffffffu) {
      slot = (slot + 1u) & params.mask;
      found = cells[slot];
    }
    if (found == cell) { neighbour = i32(rowOf[slot]) + params.first; }
  }
  neighbours[params.place * params.taps + index] = neighbour;
}`,
});

/**
 * Computes rows of a map's table from coordinates: [rows * taps] the row that each tap pairs a voxel with, or -1, by look-up in
 * a hash table.
 *
 * @param inverse false: for outputs the inputs that they read; true: for inputs the outputs that read them
 * @param start the table's first row within the map
 */
export const fillTable = (
  gpu: NerfsegWebGpuBackend,
  parts: readonly KernelMapPart[],
  inverse: boolean,
  table: Resident,
  start: number,
  rows: number,
): void => {
  for (const part of parts) {
    const [coords, others] = inverse ? [part.inCoords, part.outCoords] : [part.outCoords, part.inCoords];
    const begins = inverse ? part.inStart : part.outStart;
    const from = Math.max(start, begins);
    const to = Math.min(start + rows, begins + coords.length / 3);
    if (from >= to) continue;
    const size = inverse ? part.outShape : part.inShape;
    const { cells, rowOf, shift, mask } = cellTable(gpu, others, size);
    const taps = part.taps.length;
    const [offsets] = derived(gpu, part, 'taps', () => [
      gpu.uploadResident(Int32Array.from(part.taps.flat()), 'taps'),
    ]);
    runItems(gpu, lookUp, (to - from) * taps, {
      reads: { coords: uploaded(gpu, coords, 'coordinates'), offsets, cells, rowOf },
      writes: { neighbours: table },
      params: {
        shift,
        mask,
        taps,
        firstRow: from - begins,
        place: from - start,
        first: inverse ? part.outStart : part.inStart,
        inverse: Number(inverse),
        wrap: Number(part.wrapAzimuth),
        strideRho: part.stride[0],
        stridePhi: part.stride[1],
        strideZ: part.stride[2],
        paddingRho: part.padding[0],
        paddingPhi: part.padding[1],
        paddingZ: part.padding[2],
        sizeRho: size[0],
        sizePhi: size[1],
        sizeZ: size[2],
        azimuth: part.inShape[1],
      },
    });
  }
};
