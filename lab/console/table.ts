import Table from 'cli-table3';
import pc from 'picocolors';
import { formatValue } from '../../reports/record/format.ts';
import type { Column } from '../../scenarios/kit/exhibits.ts';

/** The columns of a figure as a table for the terminal: long heads on several lines. */
export function tableOf<Row>(rows: readonly Row[], columns: readonly Column<Row>[]): string {
  return terminalTable(
    columns.map(([label]) => label.replaceAll(' ', '\n')),
    columns.map(([, , format]) => (format === undefined ? 'left' : 'right')),
    rows.map((row) =>
      columns.map(([, of, format]) => {
        const value = of(row);
        return typeof value === 'number' || value === null
          ? formatValue(value, format ?? 'number')
          : String(value);
      }),
    ),
  );
}

/**
 * A table for the terminal: columns apart by spaces, no lines to draw, so that a run's table fits
 * into 80 columns and can be pasted, cut and sorted.
 *
 * @param aligns one for each column of the head
 * @param widths columns' widths in characters, longer words wrapped; empty: as wide as needed
 */
export function terminalTable(
  head: readonly string[],
  aligns: readonly ('left' | 'right')[],
  rows: readonly (readonly (string | number)[])[],
  widths: readonly number[] = [],
): string {
  const table = new Table({
    head: [...head],
    colAligns: [...aligns],
    chars: { ...NO_LINES, middle: '  ' },
    colWidths: [...widths],
    wordWrap: widths.length > 0,
    style: {
      head: pc.isColorSupported ? ['bold'] : [],
      border: [],
      'padding-left': 0,
      'padding-right': 0,
    },
  });
  table.push(...rows.map((row) => [...row]));
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
}

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left']
    .concat(['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((place) => [place, '']),
);
