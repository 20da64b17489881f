/** Rows by cell: an open-addressing hash table from linear index to row. */
export interface CellTable {
  /** Slot of the cell, inserting it when it is new. */
  insert(cell: number): number;
  /** Slot of the cell, or -1. */
  find(cell: number): number;
  /** [slots] free for the caller: the row of each slot's cell. */
  readonly rows: Int32Array;
}

/** Makes a table for at most `capacity` cells; at most half of its slots are ever used. */
export const cellTable = (capacity: number): CellTable => {
  let bits = 4;
  while (1 << bits < capacity * 2) bits++;
  const mask = (1 << bits) - 1;
  const shift = 32 - bits;
  const cells = new Int32Array(mask + 1).fill(-1);
  const rows = new Int32Array(mask + 1);
  // Fibonacci hashing: neighbouring cells, which is what voxels are, spread over the table.
  const slotOf = (cell: number): number => {
    let slot = Math.imul(cell, 0x9e3779b1) >>> shift;
    while (cells[slot] !== cell && cells[slot] !== -1) slot = (slot + 1) & mask;
    return slot;
  };
  return {
    rows,
    insert: (cell) => {
      const slot = slotOf(cell);
      cells[slot] = cell;
      return slot;
    },
    find: (cell) => {
      const slot = slotOf(cell);
      return cells[slot] === -1 ? -1 : slot;
    },
  };
};
