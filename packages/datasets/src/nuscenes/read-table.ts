import { join } from 'node:path';
import { dataError } from '@nerfseg/geometry';
import type { z } from 'zod';
import { raise } from '../files/guard.js';
import { type ReadJsonRowsOptions, readJsonRows } from './read-json-rows.js';

/** Reads one table row by row, each checked; raises with the table, the row's token and the field at fault. */
export const readTable = async <Row>(
  folder: string,
  name: string,
  schema: z.ZodType<Row>,
  onRow: (row: Row) => void,
  options: ReadJsonRowsOptions = {},
): Promise<void> => {
  const path = join(folder, `${name}.json`);
  await readJsonRows(
    path,
    (row, index) => {
      const parsed = schema.safeParse(row);
      if (parsed.success) return onRow(parsed.data);
      const [issue] = parsed.error.issues;
      const found = issue.path.reduce<unknown>(
        (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
        row,
      );
      const token = (row as { token?: unknown }).token;
      raise(
        dataError(
          'malformed',
          path,
          `${typeof token === 'string' ? `token ${token}` : `row ${index}`}, ${issue.path.join('.') || 'row'}`,
          found === undefined ? 'nothing' : (JSON.stringify(found) ?? String(found)).slice(0, 80),
          issue.message,
        ),
      );
    },
    options,
  );
};
