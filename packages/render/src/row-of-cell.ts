import type { VoxelIndex } from './types.js';

/** Bits set in a 32-bit word. */
export const popcount = (word: number): number => {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return (((v + (v >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
};

/** Feature row of the voxel in a cell given by its linear index, or -1 where the cell is empty. */
export const rowOfCell = (index: VoxelIndex, cell: number): number => {
  const word = index.bits[cell >>> 5];
  const bit = 1 << (cell & 31);
  if ((word & bit) === 0) return -1;
  return index.rowOfRank[index.rank[cell >>> 5] + popcount(word & (bit - 1))];
};

/** Whether the cell given by its linear index holds a voxel. */
export const isOccupied = (index: VoxelIndex, cell: number): boolean =>
  (index.bits[cell >>> 5] & (1 << (cell & 31))) !== 0;
