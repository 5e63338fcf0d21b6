import type { Html } from '../page/html.ts';
import type { Format } from '../record/format.ts';
import type { Arm, Estimate } from '../record/schema.ts';
import type { Table } from '../record/table.ts';

/**
 * A figure: what a chart draws and, from the same numbers, the table under it. Figures are made in
 * Node (`figures/`), written into the file as JSON, and drawn in the page (`page/browser/charts.ts`).
 */
export interface Figure {
  /** Anchor; unique in the file. */
  readonly id: string;
  readonly title: string;
  /** What to see in it and how it was counted; plain text, empty where the title says it all. */
  readonly caption: string;
  /** The arm that it is about, when it is about one. */
  readonly arm?: Arm;
  /** `null` when the figure is its table. */
  readonly chart: Chart | null;
  /** In place of a chart. */
  readonly picture?: Html;
  readonly table: Table;
}

/** What the page draws; all of it is JSON. */
export type Chart = BarChart | LineChart;

/** An axis of values. */
export interface Axis {
  /** With its unit, e.g. `requests sent`. */
  readonly label: string;
  readonly format: Format;
  readonly scale?: 'linear' | 'logarithmic';
  /** Ends of the axis; left out: as far as the data goes. */
  readonly min?: number;
  readonly max?: number;
}

/** None is a worker's, so that a fleet is not taken for one. */
const SERIES_COLOURS = ['accent', 'origin', 'hit', 'evicted', 'cold', 'expired'] as const;
type SeriesColour = (typeof SERIES_COLOURS)[number];
type WorkerColour = `worker-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

/** A colour by meaning; the page looks it up as `--c-<name>` in the theme. */
export type Colour = SeriesColour | WorkerColour | 'ink' | 'miss' | 'muted';

/** Bars from zero, a group for each category. */
export interface BarChart {
  readonly kind: 'bars';
  readonly categories: readonly string[];
  /** What a category is, with its unit: the name of the axis along which they stand. */
  readonly x: string;
  readonly y: Axis;
  readonly series: readonly BarSeries[];
  /** Theory's value for each category, drawn as a mark with its interval, and what it is. */
  readonly expected?: { readonly label: string; readonly values: readonly (Expected | null)[] };
  /** A line across, such as the hit rate of one worker. */
  readonly reference?: { readonly value: number; readonly label: string };
  /** How many observations stand behind each category, and of what; drawn under its name. */
  readonly n?: { readonly of: string; readonly values: readonly (number | null)[] };
  /** What is written where there is no value. */
  readonly missing: string;
  /** Whether series stand on each other (those of one `stack`) or side by side. */
  readonly stacked?: boolean;
}

/** Bars of one kind, one for each category. */
export interface BarSeries {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly colour: Colour;
  /** Colour per category instead. */
  readonly colours?: readonly Colour[];
  /** Beside the colour, so that nothing is told by colour alone. */
  readonly pattern?: Pattern;
  readonly stack?: string;
}

/** How a bar is filled. */
export type Pattern = 'solid' | 'hatched' | 'dotted' | 'crossed';

/** What is expected and by whom, with the ends of its interval. */
export type Expected = Pick<Estimate, 'value' | 'low' | 'high' | 'by'>;

/** Lines over a common axis. */
export interface LineChart {
  readonly kind: 'lines';
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly LineSeries[];
  /** Upright lines with a label. */
  readonly events: readonly { readonly x: number; readonly label: string }[];
  /** What is written where a point has no value; left out: a dash. */
  readonly missing?: string;
  /** The only values to be named along x. */
  readonly ticks?: readonly number[];
  /** The scrubber's position is drawn on charts that run over the requests. */
  readonly followsScrubber?: boolean;
}

/** A line, its points from left to right. */
export interface LineSeries {
  readonly name: string;
  /** A gap where the value is `null`. */
  readonly points: readonly (readonly [number, number | null])[];
  /** Observations behind each point. */
  readonly n?: readonly number[];
  readonly colour: Colour;
  readonly dash?: Dash;
  /** Drawn heavier. */
  readonly strong?: boolean;
  /** Horizontal until the next point: a histogram's outline, a count that jumps. */
  readonly stepped?: boolean;
  /** Marks at the points; `only`: and no line between them. */
  readonly marked?: boolean | 'only';
  /** Low and high around each point, filled. */
  readonly band?: readonly (readonly [number | null, number | null])[];
  readonly filled?: boolean;
}

/** How a line is drawn. */
export type Dash = 'solid' | 'dashed' | 'dotted' | 'dash-dot';

const DASHES: readonly Dash[] = ['solid', 'dashed', 'dotted', 'dash-dot'];

/** The same worker has the same colour in every chart; from the ninth on they repeat. */
export function workerColour(slot: number): Colour {
  return `worker-${((slot - 1) % 8) + 1}` as WorkerColour;
}

/** Of one among several series, by its index from 0. */
export function seriesColour(index: number): Colour {
  return SERIES_COLOURS[index % SERIES_COLOURS.length]!;
}

/** Neighbouring workers differ in their dashes too. */
export function workerDash(slot: number): Dash {
  return DASHES[(slot - 1) % DASHES.length]!;
}
