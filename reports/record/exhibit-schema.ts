import Type, { type Static } from 'typebox';
import { Figure, Name, Nullable } from './bounds.ts';
import { FORMATS } from './format.ts';

const Format = Type.Enum(FORMATS);
/** What an axis shows, and how its numbers are written: a share as `percent`, times as `micros`. */
const Axis = Type.Object({
  label: Type.String(),
  format: Format,
  /** Left out: linear. */
  scale: Type.Optional(Type.Literal('logarithmic')),
});
/** `computed`: nothing stands beside a measurement, so it is drawn as the figure's own. */
const Role = Type.Enum(['measured', 'expected', 'computed']);
const exhibit = <K extends string, P extends Type.TProperties>(kind: K, properties: P) =>
  Type.Object({
    kind: Type.Literal(kind),
    /** Unique in the record; becomes the anchor. */
    id: Name,
    title: Type.String(),
    /** What to see in it; plain text. */
    caption: Type.String(),
    ...properties,
  });

/** A figure that a scenario brings along, beside those every report has. */
export const Exhibit = Type.Union([
  exhibit('lines', {
    x: Axis,
    y: Axis,
    series: Type.Array(
      Type.Object({
        name: Type.String(),
        role: Role,
        points: Type.Array(Type.Tuple([Figure, Nullable(Figure)])),
      }),
    ),
    events: Type.Array(Type.Object({ x: Figure, label: Type.String() })),
  }),
  exhibit('bars', {
    categories: Type.Array(Type.String()),
    y: Axis,
    series: Type.Array(
      Type.Object({
        name: Type.String(),
        role: Role,
        values: Type.Array(Nullable(Figure)),
      }),
    ),
  }),
  exhibit('strip', {
    /** One row per worker (or client), one cell per step. */
    rows: Type.Array(
      Type.Object({
        label: Type.String(),
        cells: Type.Array(
          Type.Object({
            /** What happened: good (it knew), bad (it did not), neutral, empty. */
            state: Type.Enum(['good', 'bad', 'neutral', 'empty']),
            /** Short text in the cell. */
            text: Type.String(),
            /** Longer text for the tooltip and the table. */
            detail: Type.String(),
          }),
        ),
      }),
    ),
    /** What a step is, e.g. `request`. */
    step: Type.String(),
    /** The steps by name, over their columns; left out: they are counted. */
    stepNames: Type.Optional(Type.Array(Type.String())),
    legend: Type.Object({
      good: Type.String(),
      bad: Type.String(),
      neutral: Type.String(),
      empty: Type.String(),
    }),
  }),
  exhibit('table', {
    columns: Type.Array(
      Type.Object({
        label: Type.String(),
        /** Of its numbers; `null`: text. */
        format: Nullable(Format),
      }),
    ),
    rows: Type.Array(Type.Array(Type.Union([Type.String(), Figure, Type.Null(), Type.Boolean()]))),
  }),
]);

/** The figures that tell a run's result at a glance, before and after what the run is about. */
export const Headline = Type.Object({
  /** What is held against what, e.g. `1 worker` and `4 workers`. */
  before: Type.String(),
  after: Type.String(),
  figures: Type.Array(
    Type.Object({
      /** Of both, in lower case, e.g. `hit rate`. */
      label: Type.String(),
      format: Format,
      /** `null`: not known, or no traffic. */
      before: Nullable(Figure),
      after: Nullable(Figure),
    }),
    { maxItems: 3 },
  ),
});

export type Headline = Static<typeof Headline>;
export type Exhibit = Static<typeof Exhibit>;

/** The exhibits of one kind. */
export type ExhibitOf<Kind extends Exhibit['kind']> = Extract<Exhibit, { kind: Kind }>;
