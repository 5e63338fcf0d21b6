import { type Html, html } from '../page/html.ts';
import type { Exhibit, ExhibitOf, RunRecord } from '../record/schema.ts';
import { type ColumnOf, type Table, tableOf } from '../record/table.ts';
import { chartTable } from './chart-table.ts';
import {
  type Axis,
  type BarChart,
  type Colour,
  type Dash,
  type Figure,
  type LineChart,
  seriesColour,
  workerColour,
} from './figure.ts';

/** The figures that a scenario brought along, in its own order. */
export function exhibitFigures(record: RunRecord): Figure[] {
  return record.exhibits.map((exhibit, index) => ({
    ...exhibitFigure(exhibit),
    id: exhibitAnchor(exhibit.id, index),
  }));
}

function exhibitFigure(exhibit: Exhibit): Omit<Figure, 'id'> {
  const { title, caption } = exhibit;
  switch (exhibit.kind) {
    case 'lines': {
      const chart = lineChart(exhibit);
      return { title, caption, chart, table: chartTable(chart) };
    }
    case 'bars': {
      const chart = barChart(exhibit);
      return { title, caption, chart, table: chartTable(chart) };
    }
    case 'strip':
      return {
        title,
        caption,
        chart: null,
        picture: stripHtml(exhibit),
        table: stripTable(exhibit),
      };
    case 'table':
      return { title, caption, chart: null, table: exhibit };
  }
}

function lineChart({ x, y, series, events }: ExhibitOf<'lines'>): LineChart {
  return {
    ...{ kind: 'lines', x, events },
    y: valueAxis(
      y,
      series.flatMap(({ points }) => points.map(([, value]) => value)),
    ),
    series: series.map((line, index) => ({
      name: line.name,
      points: line.points,
      colour: colourOf(line, index),
      dash: line.role === 'expected' ? 'dashed' : MEASURED_DASHES[index % 3]!,
      marked: line.role !== 'expected' && line.points.length <= 40,
    })),
  };
}

function barChart({ categories, y, series }: ExhibitOf<'bars'>): BarChart {
  return {
    ...{ kind: 'bars', categories, x: '' },
    y: valueAxis(
      y,
      series.flatMap(({ values }) => values),
    ),
    series: series.map((bars, index) => ({
      name: bars.name,
      values: bars.values,
      colour: colourOf(bars, index),
      ...(bars.role === 'expected' && { pattern: 'hatched' as const }),
    })),
    missing: 'not known',
  };
}

const STRIP_SIGN: Record<keyof ExhibitOf<'strip'>['legend'], string> = {
  good: '✓',
  bad: '✗',
  neutral: '·',
  empty: '',
};

/** Who knew what, step by step; signs beside the colours. */
function stripHtml(strip: ExhibitOf<'strip'>): Html {
  return html`<div class="scroll" role="region" aria-label="${strip.title}: strip" tabindex="0"><table class="strip">${
    strip.stepNames &&
    html`<thead><tr><th scope="col">${strip.step}</th>${strip.stepNames.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>`
  }<tbody>
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

const STRIP_STATES = ['good', 'bad', 'neutral', 'empty'] as const;

function stripTable({ rows, step, stepNames, legend }: ExhibitOf<'strip'>): Table {
  const inShort = (cell?: Cell) => (cell ? cell.text || legend[cell.state] : null);
  // A matrix stays as it stands; steps without a name go down the page, since there may be many.
  if (stepNames) {
    return tableOf(rows, [
      [step, ({ label }) => label],
      ...stepNames.map((name, at): ColumnOf<Row> => [name, ({ cells }) => inShort(cells[at])]),
    ]);
  }
  const length = Math.max(0, ...rows.map(({ cells }) => cells.length));
  return tableOf(
    Array.from({ length }, (_, at) => at),
    [
      [step, (at) => at + 1, 'count'],
      ...rows.map(({ label, cells }): ColumnOf<number> => {
        return [label, (at) => cells[at]?.detail || inShort(cells[at])];
      }),
    ],
  );
}

type Row = ExhibitOf<'strip'>['rows'][number];
type Cell = Row['cells'][number];

/** Set apart from the anchors of the figures that every report has, and fit for an address. */
function exhibitAnchor(id: string, index: number): string {
  return `exhibit-${/^[\w-]+$/.test(id) ? id : index + 1}`;
}

/** Shares are drawn against the whole, and 120 % of all lookups cannot hit; small ones are not. */
function valueAxis(axis: Axis, values: readonly (number | null)[]): Axis {
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const whole = axis.format === 'percent' && (most === 0 || most > 0.4) && most <= 1;
  return whole ? { ...axis, max: 1 } : axis;
}

/** Dashed lines are expectations. */
const MEASURED_DASHES: readonly Dash[] = ['solid', 'dotted', 'dash-dot'];

/** A series named after a worker has that worker's colour; expectations are ink. */
function colourOf(series: { name: string; role: string }, index: number): Colour {
  const worker = /^worker (\d+)$/i.exec(series.name);
  if (worker) return workerColour(Math.max(1, Number(worker[1])));
  return series.role === 'expected' ? 'ink' : seriesColour(index);
}
