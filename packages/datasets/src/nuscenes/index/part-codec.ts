import { staysInside } from '../../files/relative-path.js';
import type { CapturePart, PartEntry } from './layout.js';
import { noFile } from './layout.js';
import { sampleName } from './name-pattern.js';

/** Numbers that a row has in every part, and those that a sweep has besides; the bytes of both. */
const wide = { timestamps: 1, poses: 7 } as const;
const narrow = { calibrations: 1, samples: 1, files: 1, widths: 1, heights: 1 } as const;
const perSweep = { tokens: 4, sampleTokens: 4, lidarseg: 1, panoptic: 1 } as const;
const sum = (columns: Readonly<Record<string, number>>): number =>
  Object.values(columns).reduce((a, b) => a + b);
const bytesPerRow = 8 * sum(wide) + 4 * sum(narrow);
const bytesPerSweep = 4 * sum(perSweep);

type WideName = keyof typeof wide;
type NarrowName = keyof typeof narrow | keyof typeof perSweep;
export type PartColumns = Readonly<Record<WideName, Float64Array> & Record<NarrowName, Uint32Array>>;

/** Columns of a part as views of its bytes: float64 first, so that all are aligned. */
const viewColumns = ({ buffer, byteOffset }: Uint8Array, rows: number, sweeps: number): PartColumns => {
  let at = byteOffset;
  const columns: Record<string, Float64Array | Uint32Array> = {};
  for (const [name, width] of Object.entries(wide)) {
    columns[name] = new Float64Array(buffer, at, rows * width);
    at += 8 * rows * width;
  }
  for (const [group, count] of [
    [narrow, rows],
    [perSweep, sweeps],
  ] as const)
    for (const [name, width] of Object.entries(group)) {
      columns[name] = new Uint32Array(buffer, at, count * width);
      at += 4 * count * width;
    }
  return columns as PartColumns;
};

/** Bytes of a part, to be filled through its columns; the names are in place. */
export const newPart = (
  rows: number,
  sweeps: number,
  names: readonly string[],
): { readonly bytes: Uint8Array; readonly columns: PartColumns } => {
  const text = new TextEncoder().encode(JSON.stringify(names));
  const fixed = rows * bytesPerRow + sweeps * bytesPerSweep;
  const bytes = new Uint8Array(fixed + text.length);
  bytes.set(text, fixed);
  return { bytes, columns: viewColumns(bytes, rows, sweeps) };
};

const ascends = (values: readonly number[]): boolean =>
  values.every((value, i) => Number.isSafeInteger(value) && value >= (i === 0 ? 0 : values[i - 1]));

/**
 * A part from its bytes, which begin at a multiple of 8 in their buffer; undefined when they do not hold what the entry says, or point
 * to what is not there.
 */
export const decodePart = (
  bytes: Uint8Array,
  { channelStart }: Pick<PartEntry, 'channelStart'>,
  numCalibrations: number,
): CapturePart | undefined => {
  const [, sweeps] = channelStart;
  const rows = channelStart.at(-1)!;
  const fixed = rows * bytesPerRow + sweeps * bytesPerSweep;
  if (!ascends(channelStart) || channelStart[0] !== 0 || fixed > bytes.length) return undefined;
  let names: unknown;
  try {
    names = JSON.parse(new TextDecoder().decode(bytes.subarray(fixed)));
  } catch {
    return undefined;
  }
  if (!Array.isArray(names)) return undefined;
  const inside = names.every((name) => typeof name === 'string' && staysInside(sampleName(name)));
  const columns = viewColumns(bytes, rows, sweeps);
  const known = (rowsOf: Uint32Array, count: number, none?: number): boolean => {
    for (let i = 0; i < rowsOf.length; i++) if (rowsOf[i] >= count && rowsOf[i] !== none) return false;
    return true;
  };
  const sound =
    inside &&
    known(columns.calibrations, numCalibrations) &&
    known(columns.files, names.length) &&
    known(columns.lidarseg, names.length, noFile) &&
    known(columns.panoptic, names.length, noFile);
  return sound ? { channelStart, ...columns, names } : undefined;
};
