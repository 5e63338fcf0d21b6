import { stripVTControlCharacters } from 'node:util';
import TextTable from 'cli-table3';
import pc from 'picocolors';
import { cellText, type Table } from '../../reports/record/table.ts';

/**
 * A table for the terminal: columns apart by spaces, no lines to draw, so that a run's table fits
 * into 80 columns and can be pasted, cut and sorted.
 *
 * @param widths columns' widths in characters, longer words wrapped; empty: as wide as needed
 * @param mostColumns of the terminal; a wider table becomes a list
 */
export function terminalTable(
  { columns, rows }: Table,
  widths: readonly number[] = [],
  mostColumns = process.stdout.columns ?? Number.POSITIVE_INFINITY,
): string {
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
  const texts = rows.map((row) => row.map((cell, index) => cellText(cell, columns[index]!)));
  table.push(...texts);
  const lines = table
    .toString()
    .split('\n')
    .map((line) => `  ${line}`.trimEnd());
  const isWide = lines.some((line) => stripVTControlCharacters(line).length > mostColumns);
  return isWide ? listOf(columns, texts) : lines.join('\n');
}

/** For a terminal that is too narrow: one figure on each line, a row below the other. */
function listOf(columns: Table['columns'], rows: readonly (readonly string[])[]): string {
  const labels = columns.map(({ label }) => label.replaceAll('\n', ' '));
  return rows
    .map((row) =>
      row.map((text, i) => `${i === 0 ? '  ' : '    '}${labels[i]}: ${text}`).join('\n'),
    )
    .join('\n');
}

const NO_LINES = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left']
    .concat(['bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((place) => [place, '']),
);
