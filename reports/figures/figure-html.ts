import { type Html, html, trusted } from '../page/html.ts';
import { type Cell, type Column, cellText, type Table } from '../record/table.ts';
import type { Figure } from './figure.ts';

/** A figure with its chart's place and, folded under it, the numbers that it draws. */
export function figureHtml(figure: Figure, heading: 'h2' | 'h3' | 'h4' = 'h4'): Html {
  const { id, title, caption, chart, picture, table } = figure;
  const tag = trusted(heading);
  return html`<figure class="figure${!chart && ' wide'}" id="${id}">
<figcaption><${tag} class="figure-title">${title}</${tag}>${caption && html`<p>${caption}</p>`}</figcaption>
${
  chart &&
  html`<div class="plot needs-script" data-figure="${id}"><canvas role="img" aria-label="${title}. The numbers are in the table below."></canvas></div>`
}${picture}${
  // A figure that is nothing but its table shows it; elsewhere the table is one click away.
  chart || picture ? foldedTable('The numbers', table, title) : tableHtml(table, title)
}
</figure>
`;
}

/** A table one click away; without JavaScript it is open. */
export function foldedTable(summary: string, table: Table, label: string): Html {
  return html`<details class="data" open><summary>${summary}<span class="visually-hidden"> of: ${label}</span></summary>
${tableHtml(table, label)}
</details>`;
}

/**
 * A table. Where its place is too narrow for its columns each row is a card, with the labels beside
 * the values, so that none stands off screen.
 */
export function tableHtml(table: Table, label: string): Html {
  const { length } = table.columns;
  const size = length <= 3 ? 'few' : length <= 6 ? 'some' : 'many';
  return html`<div class="scroll" role="region" aria-label="${label}: table" tabindex="0"><table class="${size}-columns">
<thead><tr>${table.columns.map((column) => headHtml(column))}</tr></thead>
<tbody>
${table.rows.map(
  (row) =>
    html`<tr>${row.map((cell, index) => cellHtml(cell, table.columns[index]!, index === 0))}</tr>\n`,
)}</tbody>
</table></div>`;
}

/** A column without a name, as above row names, has no heading cell. */
function headHtml(column: Column): Html {
  return column.label === ''
    ? html`<td></td>`
    : html`<th scope="col"${alignment(column)}>${column.label}</th>`;
}

function cellHtml(cell: Cell, column: Column, first: boolean): Html {
  const text = cellText(cell, column);
  // The exact number stays in the file, for the CSV and for whoever checks.
  const raw = typeof cell === 'number' && html` data-value="${cell}"`;
  return first
    ? html`<th scope="row"${alignment(column)}${raw}>${text}</th>`
    : html`<td data-label="${column.label}"${alignment(column)}${raw}>${text}</td>`;
}

function alignment(column: Column): Html | null {
  return column.format === null ? null : html` class="number"`;
}
