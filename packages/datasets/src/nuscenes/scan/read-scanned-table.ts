import type { z } from 'zod';
import { readTable } from '../read-table.js';
import type { RowScanner } from './row-scanner.js';

/**
 * Reads a table through a scanner, which holds each row when `onRow` is called. Rows that the scanner passes are
 * parsed and checked by the schema, which also words every error.
 */
export const readScannedTable = <Row extends Readonly<Record<string, unknown>>>(
  folder: string,
  name: string,
  schema: z.ZodType<Row>,
  scanner: RowScanner,
  onRow: () => void,
  onBytes?: (bytes: number) => void,
): Promise<void> =>
  readTable(
    folder,
    name,
    schema,
    (row) => {
      scanner.fill(row);
      onRow();
    },
    {
      take: (bytes, start) => {
        const after = scanner.scan(bytes, start);
        if (after > 0) onRow();
        return after;
      },
      ...(onBytes ? { onBytes } : {}),
    },
  );
