import type { Cell, Column, Figure, Table } from './figure.ts';
import { formatValue, UNKNOWN } from './format.ts';
import { type Html, html } from './html.ts';

/** A figure with its chart's place and, folded under it, the numbers that it draws. */
export function figureHtml(figure: Figure): Html {
  return html`<figure class="figure" id="${figure.id}">
<figcaption><h3>${figure.title}</h3><p>${figure.caption}</p></figcaption>
${
  figure.chart &&
  html`<div class="plot needs-script" data-figure="${figure.id}"><canvas role="img" aria-label="${figure.title}. The numbers are in the table below."></canvas></div>`
}
<details class="data" open><summary>The numbers<span class="visually-hidden"> of: ${figure.title}</span></summary>
${tableHtml(figure.table, figure.title)}
</details>
</figure>
`;
}

/** A table that scrolls by itself when the window is too narrow for it. */
export function tableHtml(table: Table, label: string): Html {
  return html`<div class="scroll" role="region" aria-label="${label}: table" tabindex="0"><table>
<thead><tr>${table.columns.map((column) => html`<th scope="col"${alignment(column)}>${column.label}</th>`)}</tr></thead>
<tbody>
${table.rows.map(
  (row) =>
    html`<tr>${row.map((cell, index) => cellHtml(cell, table.columns[index]!, index === 0))}</tr>\n`,
)}</tbody>
</table></div>`;
}

/** The cell as a person reads it. */
export function cellText(cell: Cell, column: Column): string {
  if (cell === null) return UNKNOWN;
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'object') return cell.none;
  return typeof cell === 'number' ? formatValue(cell, column.format ?? 'number') : cell;
}

function cellHtml(cell: Cell, column: Column, first: boolean): Html {
  const text = cellText(cell, column);
  // The exact number stays in the file, for the CSV and for whoever checks.
  const raw = typeof cell === 'number' && html` data-value="${cell}"`;
  return first
    ? html`<th scope="row"${alignment(column)}${raw}>${text}</th>`
    : html`<td${alignment(column)}${raw}>${text}</td>`;
}

function alignment(column: Column): Html | null {
  return column.format === undefined ? null : html` class="number"`;
}
