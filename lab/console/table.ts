import TextTable from 'cli-table3';
import pc from 'picocolors';
import { cellText, type Table } from '../../reports/record/table.ts';

/**
 * A table for the terminal: columns apart by spaces, no lines to draw, so that a run's table fits
 * into 80 columns and can be pasted, cut and sorted.
 *
 * @param widths columns' widths in characters, longer words wrapped; empty: as wide as needed
 */
export function terminalTable({ columns, rows }: Table, widths: readonly number[] = []): string {
  const table = new TextTable({
    head: columns.map(({ label }) => label),
    colAligns: columns.map(({ format }) => (format === null ? 'left' : 'right')),
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
  table.push(...rows.map((row) => row.map((cell, index) => cellText(cell, columns[index]!))));
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
