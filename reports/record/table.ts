import type { ExhibitOf } from './exhibit-schema.ts';
import { type Format, formatValue, UNKNOWN } from './format.ts';

/**
 * Figures in rows and columns, a cell for each column in every row: under a chart, as an exhibit, in
 * Markdown, in the terminal. A column has the format of its numbers; `null`: it is text.
 */
export type Table = Pick<ExhibitOf<'table'>, 'columns' | 'rows'>;
export type Column = Table['columns'][number];
/** Numbers are written as their column says, texts as they are; `null` is not known. */
export type Cell = Table['rows'][number][number];

/** What stands in a table where a rate has nothing behind it. */
export const NO_TRAFFIC = 'no traffic';

/** A column's label, what stands in it for an item, and how its numbers are written; left out: text. */
export type ColumnOf<Item> = readonly [label: string, of: (item: Item) => Cell, format?: Format];

/** A row for each item. */
export function tableOf<Item>(items: readonly Item[], columns: readonly ColumnOf<Item>[]): Table {
  return {
    columns: columns.map(([label, , format = null]) => ({ label, format })),
    rows: items.map((item) => columns.map(([, of]) => of(item))),
  };
}

/** The cell as a person reads it. */
export function cellText(cell: Cell, { format }: Column): string {
  if (cell === null) return UNKNOWN;
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return typeof cell === 'number' ? formatValue(cell, format ?? 'number') : cell;
}
