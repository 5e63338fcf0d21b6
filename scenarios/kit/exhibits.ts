import type { Format } from '../../reports/record/format.ts';
import type { Exhibit, ExhibitOf } from '../../reports/record/schema.ts';
import { type ColumnOf, tableOf } from '../../reports/record/table.ts';

type Series = ExhibitOf<'bars'>['series'][number];
type Line = ExhibitOf<'lines'>['series'][number];

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

/** A row of each, a column of each. */
export function table<Row>(
  rows: readonly Row[],
  { columns, ...head }: Head & { readonly columns: readonly ColumnOf<Row>[] },
): Exhibit {
  return { kind: 'table', ...head, ...tableOf(rows, columns) };
}

/** Who knew what, step by step: a row for each worker or client, a cell for each step. */
export function strip(head: Head & Omit<ExhibitOf<'strip'>, 'kind' | keyof Head>): Exhibit {
  return { kind: 'strip', ...head };
}
