import { type Html, html, trusted } from '../page/html.ts';
import { type Cell, type Column, cellText, type Table } from '../record/table.ts';
import type { Figure, Strip, StripState } from './figure.ts';

/** A figure with its chart's place and, folded under it, the numbers that it draws. */
export function figureHtml(figure: Figure, heading: 'h2' | 'h3' | 'h4' = 'h4'): Html {
  // A figure that is nothing but its table shows it; elsewhere the table is one click away.
  const bare = figure.chart === null && figure.strip === undefined;
  const table = tableHtml(figure.table, figure.title);
  return html`<figure class="figure${bare || figure.strip ? ' wide' : ''}" id="${figure.id}">
<figcaption><${trusted(heading)} class="figure-title">${figure.title}</${trusted(heading)}><p>${figure.caption}</p></figcaption>
${
  figure.chart &&
  html`<div class="plot needs-script" data-figure="${figure.id}"><canvas role="img" aria-label="${figure.title}. The numbers are in the table below."></canvas></div>`
}${figure.strip && stripHtml(figure.strip, figure.title)}${
  bare
    ? table
    : html`<details class="data" open><summary>The numbers<span class="visually-hidden"> of: ${figure.title}</span></summary>
${table}
</details>`
}
</figure>
`;
}

const STRIP_SIGN: Record<StripState, string> = { good: '✓', bad: '✗', neutral: '·', empty: '' };

/** Who knew what, step by step; signs beside the colours. */
function stripHtml(strip: Strip, label: string): Html {
  return html`<div class="scroll" role="region" aria-label="${label}: strip" tabindex="0"><table class="strip"><tbody>
${strip.rows.map(
  (row) =>
    html`<tr><th scope="row">${row.label}</th>${row.cells.map(
      (cell, index) =>
        html`<td class="${cell.state}" title="${strip.step} ${index + 1}: ${cell.detail || strip.legend[cell.state]}">${cell.text || STRIP_SIGN[cell.state]}</td>`,
    )}</tr>\n`,
)}</tbody></table></div>
<p class="legend">${STRIP_STATES.filter((state) => strip.legend[state] !== '').map(
    (state) =>
      html`<span><span class="key ${state}">${STRIP_SIGN[state]}</span> ${strip.legend[state]}</span> `,
  )}</p>`;
}

const STRIP_STATES: readonly StripState[] = ['good', 'bad', 'neutral', 'empty'];

/** A table that scrolls by itself when the window is too narrow for it. */
export function tableHtml(table: Table, label: string): Html {
  return html`<div class="scroll" role="region" aria-label="${label}: table" tabindex="0"><table>
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
    : html`<td${alignment(column)}${raw}>${text}</td>`;
}

function alignment(column: Column): Html | null {
  return column.format === null ? null : html` class="number"`;
}
