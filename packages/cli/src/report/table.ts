/** How a column's cells stand. */
export type Alignment = 'left' | 'right';

/**
 * A table of plain text: a header, a rule, the rows; columns as wide as they need, two spaces between them.
 *
 * @param rows cells; a row may be shorter than the header.
 * @param alignment per column; default: the first left, the others right.
 */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignment: readonly Alignment[] = [],
): string {
  const cell = (row: readonly string[], column: number): string => row[column] ?? '';
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => cell(row, column).length)),
  );
  const line = (row: readonly string[]): string =>
    widths
      .map((width, column) =>
        (alignment[column] ?? (column === 0 ? 'left' : 'right')) === 'left'
          ? cell(row, column).padEnd(width)
          : cell(row, column).padStart(width),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [line(header), rule, ...rows.map(line)].join('\n');
}
