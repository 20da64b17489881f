import type { NerfsegWebGpuBackend } from './backend.js';
import { perItem, runItems } from './program.js';
import { radixSort } from './radix-sort.js';
import type { Resident } from './resident.js';
import { derived, uploaded } from './residents.js';

const keyProgram = perItem({
  name: 'keys of rows',
  reads: { indices: 'i32' },
  writes: { keys: 'u32' },
  params: { rows: 'u32' },
  code: `fn each(index: u32) {
  let row = indices[index];
  keys[index] = select(u32(row), params.rows, row < 0);
}`,
});

const offsetProgram = perItem({
  name: 'first entries of rows',
  reads: { keys: 'u32' },
  writes: { offsets: 'u32' },
  params: { length: 'u32' },
  code: `fn each(row: u32) {
  var low = 0u;
  var high = params.length;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (keys[middle] < row) { low = middle + 1u; } else { high = middle; }
  }
  offsets[row] = low;
}`,
});

/** Entries by the row that they go to: those of row r are order[offsets[r] .. offsets[r+1]), ascending. */
export interface GroupedRows {
  /** [rows + 1] */
  readonly offsets: Resident;
  /** [length] */
  readonly order: Resident;
}

/** Groups entries by row on the device, once per array of indices: what turns a scatter into a gather of fixed order. */
export const groupedRows = (gpu: NerfsegWebGpuBackend, indices: Int32Array, rows: number): GroupedRows => {
  const { length } = indices;
  const [offsets, order] = derived(gpu, indices, `grouped ${rows}`, () => {
    const found = gpu.allocateResident((rows + 1) * 4, `offsets of ${rows} rows`);
    const places = gpu.allocateResident(length * 4, `the order of ${length} indices`);
    const keys = gpu.allocate([1, length], 'int32');
    runItems(gpu, keyProgram, length, {
      reads: { indices: uploaded(gpu, indices, `${length} indices`) },
      writes: { keys },
      params: { rows },
    });
    const sorted = radixSort(gpu, keys, 1, length, Math.ceil(Math.log2(rows + 1)), places);
    runItems(gpu, offsetProgram, rows + 1, {
      reads: { keys: sorted },
      writes: { offsets: found },
      params: { length },
    });
    gpu.disposeData(sorted.dataId);
    return [found, places] as const;
  });
  return { offsets, order };
};
