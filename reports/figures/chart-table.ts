import { type Cell, type Column, type ColumnOf, type Table, tableOf } from '../record/table.ts';
import type { Axis, BarChart, Chart, LineChart, LineSeries } from './figure.ts';

/** The numbers that a chart draws, and nothing else. */
export function chartTable(chart: Chart): Table {
  return chart.kind === 'bars' ? barTable(chart) : lineTable(chart);
}

function barTable({ categories, x, y, series, missing }: BarChart): Table {
  const head: Column[] = [{ label: x, format: null }];
  return {
    columns: head.concat(series.map(({ name }) => ({ label: name, format: y.format }))),
    rows: categories.map((category, index) => [
      category,
      ...series.map(({ values }) => values[index] ?? missing),
    ]),
  };
}

/** A row for each x at which a line has a point, with the ends of its band and what stands behind it. */
function lineTable({ x, y, series, missing }: LineChart): Table {
  const xs = new Set(series.flatMap(({ points }) => points.map(([at]) => at)));
  return tableOf(
    [...xs].sort((a, b) => a - b),
    [
      [x.label, (at) => at, x.format],
      ...series.flatMap((line) => lineColumns(line, y, missing ?? null)),
    ],
  );
}

function lineColumns(
  { name, points, band, n }: LineSeries,
  y: Axis,
  missing: string | null,
): ColumnOf<number>[] {
  const places = new Map(points.map(([x], index) => [x, index]));
  const column = (
    label: string,
    of: (index: number) => Cell,
    format = y.format,
  ): ColumnOf<number> => {
    return [label, (x) => (places.has(x) ? of(places.get(x)!) : null), format];
  };
  const columns = [column(name, (index) => points[index]![1] ?? missing)];
  if (band) {
    columns.push(column(`${name}: lowest`, (index) => band[index]![0] ?? missing));
    columns.push(column(`${name}: highest`, (index) => band[index]![1] ?? missing));
  }
  if (n) columns.push(column(`${name}: n`, (index) => n[index]!, 'count'));
  return columns;
}
