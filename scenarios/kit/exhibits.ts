import type { Format } from '../../reports/record/format.ts';
import type { Exhibit } from '../../reports/record/schema.ts';

type ExhibitOf<Kind extends Exhibit['kind']> = Extract<Exhibit, { kind: Kind }>;
type Series = ExhibitOf<'bars'>['series'][number];
type Line = ExhibitOf<'lines'>['series'][number];
type Cell = ExhibitOf<'table'>['rows'][number][number];

/** What every figure has: an anchor, a title, and what to see in it. */
interface Head {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
}

interface Axis {
  readonly label: string;
  readonly format: Format;
}

/** A bar of each arm (or whatever `of` is asked about), for each series. */
export function bars<Subject extends { readonly name: string }>(
  subjects: readonly Subject[],
  {
    y,
    series,
    ...head
  }: Head & {
    readonly y: Axis;
    readonly series: readonly {
      readonly name: string;
      /** Default: measured. */
      readonly role?: Series['role'];
      readonly of: (subject: Subject) => number | null;
    }[];
  },
): Exhibit {
  return {
    kind: 'bars',
    ...head,
    categories: subjects.map(({ name }) => name),
    y,
    series: series.map(({ name, role = 'measured', of }) => ({
      name,
      role,
      values: subjects.map(of),
    })),
  };
}

/** Curves over one axis; where `role` is left out, they are measured. */
export function lines({
  series,
  events = [],
  ...head
}: Head & {
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly {
    readonly name: string;
    readonly role?: Line['role'];
    readonly points: readonly (readonly [number, number | null])[];
  }[];
  readonly events?: ExhibitOf<'lines'>['events'];
}): Exhibit {
  return {
    kind: 'lines',
    ...head,
    series: series.map(({ name, role = 'measured', points }) => ({
      name,
      role,
      points: points.map(([x, y]): [number, number | null] => [x, y]),
    })),
    events,
  };
}

/** A column of a table: its head, what stands in a row, and how its numbers are written. */
export type Column<Row> = readonly [label: string, of: (row: Row) => Cell, format?: Format];

/** A row of each, a column of each. */
export function table<Row>(
  rows: readonly Row[],
  { columns, ...head }: Head & { readonly columns: readonly Column<Row>[] },
): Exhibit {
  return {
    kind: 'table',
    ...head,
    columns: columns.map(([label, , format = null]) => ({ label, format })),
    rows: rows.map((row) => columns.map(([, of]) => of(row))),
  };
}

/** Who knew what, step by step: a row for each worker or client, a cell for each step. */
export function strip(head: Head & Omit<ExhibitOf<'strip'>, 'kind' | keyof Head>): Exhibit {
  return { kind: 'strip', ...head };
}
