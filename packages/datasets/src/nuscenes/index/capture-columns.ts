const widths = {
  timestamps: 1,
  tokens: 4,
  group: 1,
  channel: 1,
  calibrations: 1,
  samples: 1,
  files: 1,
  widths: 1,
  heights: 1,
  egoPoses: 1,
} as const;
type Name = keyof typeof widths;

/** Readings as they come from sample_data: columns that grow. */
export interface CaptureColumns extends Readonly<Record<Exclude<Name, 'timestamps'>, Uint32Array>> {
  readonly timestamps: Float64Array;
}

export interface GrowingColumns {
  /** The columns; they are others after `addRow`. */
  readonly columns: () => CaptureColumns;
  readonly rows: () => number;
  /** Makes room for a row and says which. */
  readonly addRow: () => number;
}

const allocate = (rows: number): CaptureColumns =>
  Object.fromEntries(
    Object.entries(widths).map(([name, width]) => [
      name,
      name === 'timestamps' ? new Float64Array(rows) : new Uint32Array(rows * width),
    ]),
  ) as unknown as CaptureColumns;

export const growingColumns = (): GrowingColumns => {
  let room = 1 << 12;
  let rows = 0;
  let columns = allocate(room);
  return {
    columns: () => columns,
    rows: () => rows,
    addRow: () => {
      if (rows === room) {
        room *= 2;
        const larger = allocate(room);
        for (const name of Object.keys(widths) as Name[]) larger[name].set(columns[name]);
        columns = larger;
      }
      return rows++;
    },
  };
};
