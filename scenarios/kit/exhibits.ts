import { mostTelling } from '../../reports/record/arms.ts';
import type { Format } from '../../reports/record/format.ts';
import type { Arm, Exhibit, ExhibitOf, Headline } from '../../reports/record/schema.ts';
import { type ColumnOf, tableOf } from '../../reports/record/table.ts';

type Series = ExhibitOf<'bars'>['series'][number];
type Line = ExhibitOf<'lines'>['series'][number];
type StripCell = ExhibitOf<'strip'>['rows'][number]['cells'][number];

/** What every figure has: an anchor, a title, and what to see in it. */
type Head = Pick<Exhibit, 'id' | 'title' | 'caption'>;
type Named = { readonly name: string };

/** A bar of each arm (or whatever `of` is asked about), for each series; measured unless said. */
export function bars<Subject extends Named>(
  subjects: readonly Subject[],
  {
    series,
    ...figure
  }: Head & {
    readonly y: ExhibitOf<'bars'>['y'];
    readonly series: readonly {
      readonly name: string;
      readonly role?: Series['role'];
      readonly of: (subject: Subject) => number | null;
    }[];
  },
): Exhibit {
  return {
    kind: 'bars',
    ...figure,
    categories: subjects.map(({ name }) => name),
    series: series.map(({ name, role = 'measured', of }) => ({
      ...{ name, role, values: subjects.map(of) },
    })),
  };
}

/** Curves over one axis, measured unless said. */
export function lines({
  series,
  events = [],
  ...figure
}: Head & {
  readonly x: ExhibitOf<'lines'>['x'];
  readonly y: ExhibitOf<'lines'>['y'];
  readonly series: readonly {
    readonly name: string;
    readonly role?: Line['role'];
    readonly points: readonly (readonly [number, number | null])[];
  }[];
  readonly events?: ExhibitOf<'lines'>['events'];
}): Exhibit {
  return {
    kind: 'lines',
    ...figure,
    series: series.map(({ name, role = 'measured', points }) => ({
      ...{ name, role, points: points.map(([x, y]): [number, number | null] => [x, y]) },
    })),
    events,
  };
}

/** A figure at a glance, asked of both sides; a count unless said. */
type Glance<Subject> = readonly [
  label: string,
  of: (subject: Subject) => number | null,
  format?: Format,
];

/** Two things at a glance, each figure of both. */
export function sideBySide<Subject extends Named>(
  before: Subject,
  after: Subject,
  figures: readonly Glance<Subject>[],
): Headline {
  return {
    before: before.name,
    after: after.name,
    figures: figures.map(([label, of, format = 'count']) => ({
      ...{ label, format, before: of(before), after: of(after) },
    })),
  };
}

/** One worker beside the arm that shows the effect most; `null`: there is only one of them. */
export function contrast<Subject extends Named & Pick<Arm, 'workers' | 'backend'>>(
  arms: readonly Subject[],
  figures: readonly Glance<Subject>[],
): Headline | null {
  const [before, after] = [arms.find(({ workers }) => workers === 1), mostTelling(arms)];
  return before && after && before !== after ? sideBySide(before, after, figures) : null;
}

/** A row of each, a column of each. */
export function table<Row>(
  rows: readonly Row[],
  { columns, ...head }: Head & { readonly columns: readonly ColumnOf<Row>[] },
): Exhibit {
  return { kind: 'table', ...head, ...tableOf(rows, columns) };
}

/** The same with several rows of each arm: its name stands in front of what `rowsOf` makes of it. */
export function tableByArm<Arm extends Named, Row>(
  arms: readonly Arm[],
  rowsOf: (arm: Arm) => readonly Row[],
  { columns, ...head }: Head & { readonly columns: readonly ColumnOf<Row>[] },
): Exhibit {
  const rows = arms.flatMap((arm) => rowsOf(arm).map((row) => ({ arm, row })));
  return table(rows, {
    ...head,
    columns: [
      ['arm', ({ arm }) => arm.name],
      ...columns.map(([label, of, ...format]): ColumnOf<(typeof rows)[number]> => {
        return [label, ({ row }) => of(row), ...format];
      }),
    ],
  });
}

/** What happened in a step: its colour, a word in the cell, and a sentence. */
export type Step = readonly [state: StripCell['state'], text: string, detail: string];

/** Who knew what, step by step: a row of each worker or client, a cell of each step. */
export function strip<Row>(
  rows: readonly Row[],
  {
    label,
    steps,
    ...figure
  }: Head &
    Pick<ExhibitOf<'strip'>, 'step' | 'stepNames' | 'legend'> & {
      readonly label: (row: Row) => string;
      readonly steps: (row: Row) => readonly Step[];
    },
): Exhibit {
  return {
    kind: 'strip',
    ...figure,
    rows: rows.map((row) => ({
      label: label(row),
      cells: steps(row).map(([state, text, detail]) => ({ state, text, detail })),
    })),
  };
}
