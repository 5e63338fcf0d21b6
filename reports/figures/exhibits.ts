import type { Exhibit, RunRecord } from '../record/schema.ts';
import {
  type Axis,
  type Cell,
  type Colour,
  type Dash,
  type Figure,
  seriesColour,
  type Table,
  workerColour,
} from './figure.ts';

type ExhibitOf<K extends Exhibit['kind']> = Extract<Exhibit, { kind: K }>;

/** The figures that a scenario brought along, in its own order. */
export function exhibitFigures(record: RunRecord): Figure[] {
  return record.exhibits.map((exhibit, index) => ({
    ...exhibitFigure(exhibit),
    id: exhibitAnchor(exhibit.id, index),
  }));
}

type Unnamed = Omit<Figure, 'id'>;

function exhibitFigure(exhibit: Exhibit): Unnamed {
  switch (exhibit.kind) {
    case 'lines':
      return linesFigure(exhibit);
    case 'bars':
      return barsFigure(exhibit);
    case 'strip':
      return stripFigure(exhibit);
    case 'table':
      return tableFigure(exhibit);
  }
}

function linesFigure(exhibit: ExhibitOf<'lines'>): Unnamed {
  return {
    ...headOf(exhibit),
    chart: {
      kind: 'lines',
      x: exhibit.x,
      y: valueAxis(
        exhibit.y,
        exhibit.series.flatMap((series) => series.points.map(([, y]) => y)),
      ),
      series: exhibit.series.map((series, index) => ({
        name: series.name,
        points: series.points,
        colour: colourOf(series, index),
        dash: series.role === 'expected' ? 'dashed' : MEASURED_DASHES[index % 3]!,
        marked: series.role !== 'expected' && series.points.length <= 40,
      })),
      events: exhibit.events,
    },
    table: {
      columns: [
        exhibit.x,
        ...exhibit.series.map(({ name }) => ({ label: name, format: exhibit.y.format })),
      ],
      rows: lineRows(exhibit),
    },
  };
}

function lineRows(exhibit: ExhibitOf<'lines'>): Cell[][] {
  const xs = [...new Set(exhibit.series.flatMap((series) => series.points.map(([x]) => x)))].sort(
    (a, b) => a - b,
  );
  const values = exhibit.series.map((series) => new Map(series.points));
  return xs.map((x) => [x, ...values.map((series) => series.get(x) ?? null)]);
}

function barsFigure(exhibit: ExhibitOf<'bars'>): Unnamed {
  return {
    ...headOf(exhibit),
    chart: {
      kind: 'bars',
      categories: exhibit.categories,
      x: '',
      y: valueAxis(
        exhibit.y,
        exhibit.series.flatMap((series) => series.values),
      ),
      series: exhibit.series.map((series, index) => ({
        name: series.name,
        values: series.values,
        colour: colourOf(series, index),
        ...(series.role === 'expected' ? { pattern: 'hatched' as const } : {}),
      })),
      missing: 'not known',
    },
    table: {
      columns: [
        { label: '' },
        ...exhibit.series.map(({ name }) => ({ label: name, format: exhibit.y.format })),
      ],
      rows: exhibit.categories.map((category, index) => [
        category,
        ...exhibit.series.map((series) => series.values[index] ?? null),
      ]),
    },
  };
}

function stripFigure(exhibit: ExhibitOf<'strip'>): Unnamed {
  const steps = Math.max(0, ...exhibit.rows.map((row) => row.cells.length));
  return {
    ...headOf(exhibit),
    chart: null,
    strip: { rows: exhibit.rows, step: exhibit.step, legend: exhibit.legend },
    table: {
      columns: [
        { label: exhibit.step, format: 'count' },
        ...exhibit.rows.map((row) => ({ label: row.label })),
      ],
      rows: Array.from({ length: steps }, (_, step) => [
        step + 1,
        ...exhibit.rows.map((row) => {
          const cell = row.cells[step];
          return cell === undefined ? null : cell.detail || cell.text || exhibit.legend[cell.state];
        }),
      ]),
    },
  };
}

function tableFigure(exhibit: ExhibitOf<'table'>): Unnamed {
  return { ...headOf(exhibit), chart: null, table: exhibitTable(exhibit) };
}

/** The table of an exhibit that is nothing else. */
export function exhibitTable({ columns, rows }: ExhibitOf<'table'>): Table {
  return {
    columns: columns.map(({ label, format }) => (format === null ? { label } : { label, format })),
    rows,
  };
}

/** Set apart from the anchors of the figures that every report has, and fit for an address. */
function exhibitAnchor(id: string, index: number): string {
  return `exhibit-${/^[\w-]+$/.test(id) ? id : index + 1}`;
}

function headOf(exhibit: Exhibit): Pick<Figure, 'title' | 'caption'> {
  return { title: exhibit.title, caption: exhibit.caption };
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
