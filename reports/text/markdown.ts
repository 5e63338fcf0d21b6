import { visible } from '../page/html.ts';
import { cellText, type Table } from '../record/table.ts';

/** A table in GitHub's Markdown, numbers written as in the report. */
export function markdownTable({ columns, rows }: Table): string {
  const head = columns.map((column) => column.label);
  const rule = columns.map((column) => (column.format === null ? '---' : '---:'));
  const body = rows.map((row) => row.map((cell, index) => cellText(cell, columns[index]!)));
  return [head, rule, ...body].map((row) => `| ${row.map(markdownText).join(' | ')} |\n`).join('');
}

/** Text from outside as text: it can neither end a cell nor become a link, a picture or HTML. */
export function markdownText(text: string): string {
  return visible(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\`*_[\]<>|~]/g, '\\$&');
}
