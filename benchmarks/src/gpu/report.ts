import type { Check } from './check.js';
import type { GpuRow } from './row.js';

const fixed = (value: number | undefined, digits: number): string =>
  value === undefined ? '' : value.toFixed(digits);
const percent = (share: number | undefined): string =>
  share === undefined ? '' : `${(100 * share).toFixed(1)} %`;

const table = (header: readonly string[], lines: readonly (readonly string[])[]): string => {
  const widths = header.map((text, i) => Math.max(text.length, ...lines.map((line) => line[i]!.length)));
  return [header, ...lines]
    .map((line) =>
      line
        .map((text, i) => (i === 0 ? text.padEnd(widths[i]!) : text.padStart(widths[i]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const checksTable = (checks: readonly Check[]): string =>
  table(
    ['against the cpu engine, on small data', 'differs by', 'allowed', ''],
    checks.map(({ name, differs, tolerance, passed }) => [
      name,
      differs.toExponential(1),
      tolerance.toExponential(0),
      passed ? 'passed' : 'FAILED',
    ]),
  );

/** The programs shown of each case. */
const shown = 12;

/** Where the device's time goes, of the cases that were looked into; empty where the device has no clock. */
export const programsTable = (rows: readonly GpuRow[]): string =>
  rows
    .flatMap(({ name, programs = [] }) => {
      if (programs.length === 0) return [];
      const total = programs.reduce((sum, { ms }) => sum + ms, 0);
      const rest = programs.slice(shown);
      const lines = [
        ...programs.slice(0, shown),
        ...(rest.length === 0
          ? []
          : [
              {
                name: `${rest.length} others`,
                dispatches: rest.reduce((sum, { dispatches }) => sum + dispatches, 0),
                ms: rest.reduce((sum, { ms }) => sum + ms, 0),
              },
            ]),
      ];
      return [
        table(
          [name, 'dispatches', 'GPU ms', 'share'],
          lines.map((line) => [
            line.name,
            String(line.dispatches),
            fixed(line.ms, 3),
            percent(line.ms / total),
          ]),
        ),
      ];
    })
    .join('\n\n');

/** One line a case, and one a peer below it. */
export const rowsTable = (rows: readonly GpuRow[]): string =>
  table(
    ['', 'ms', 'GPU ms', 'GFLOP/s', 'of peak', 'GB/s', 'of memory', 'M samples/s', 'peer ms', 'ratio'],
    rows.flatMap((row) => [
      [
        row.name,
        fixed(row.ms, 3),
        fixed(row.gpuMs, 3),
        fixed(row.gflops, 1),
        percent(row.shareOfPeak),
        fixed(row.gigabytesPerSecond, 1),
        percent(row.shareOfBandwidth),
        fixed(row.millionSamplesPerSecond, 2),
        '',
        '',
      ],
      ...row.peers.map(({ name, ms, ratio, skipped }) => [
        `  ${name}${skipped ? `: ${skipped}` : ''}`,
        ...Array<string>(7).fill(''),
        fixed(ms, 3),
        fixed(ratio, 2),
      ]),
    ]),
  );
