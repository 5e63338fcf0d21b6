import { authorityOf } from '../record/distance.ts';
import { expectedColumns, measureColumns } from '../record/measure-columns.ts';
import { expectedOf, MEASURES, type Measure, measuredOf } from '../record/measures.ts';
import type { RunRecord } from '../record/schema.ts';
import { tableOf } from '../record/table.ts';
import { lookupsOf } from '../record/tally.ts';
import { type Figure, type LineSeries, seriesColour } from './figure.ts';
import { axisOf } from './measured-bars.ts';
import { type RunPart, runParts } from './run-parts.ts';

/** Fewer worker counts than this make no curve. */
const FEWEST = 3;

/** Hit rate and misses over the number of workers, with theory's curve. */
export function sweepFigures(record: RunRecord): Figure[] {
  const sweeps = sweepsOf(runParts(record));
  if (sweeps.length === 0) return [];
  return [
    curve(sweeps, MEASURES.hitRate, {
      id: 'sweep-hit-rate',
      title: 'Hit rate over the number of workers',
      caption: 'The same traffic for every fleet.',
    }),
    curve(sweeps, MEASURES.misses, {
      id: 'sweep-misses',
      title: 'Misses over the number of workers',
      caption: 'Every miss is a query to the database.',
    }),
  ];
}

/** Parts that differ in nothing but their workers (and their round). */
interface Sweep {
  /** What sets it apart from the others; empty when there is but one. */
  readonly name: string;
  /** By workers, ascending. */
  readonly parts: readonly RunPart[];
}

function sweepsOf(parts: readonly RunPart[]): Sweep[] {
  const groups = Map.groupBy(parts, (part) => JSON.stringify(traits(part)));
  const enough = [...groups.values()].filter(
    (group) => new Set(group.map(({ arm }) => arm.workers)).size >= FEWEST,
  );
  const differs = (index: number) =>
    new Set(enough.map((group) => traits(group[0]!)[index])).size > 1;
  return enough.map((group) => ({
    name: traits(group[0]!)
      .filter((_, index) => differs(index))
      .join(', '),
    parts: group.toSorted((a, b) => a.arm.workers - b.arm.workers),
  }));
}

function traits({ arm, phase }: RunPart): string[] {
  const { cache, workload } = arm;
  return [
    arm.backend,
    arm.launcher,
    `routing ${arm.routing}`,
    `${cache.maxEntries} entries`,
    `timeout ${cache.timeoutSeconds ?? 'never'}`,
    `${workload.keys} keys, ${workload.popularity} ${workload.zipf}`,
    phase.name,
  ];
}

function curve(
  sweeps: readonly Sweep[],
  measure: Measure,
  { id, title, caption }: Pick<Figure, 'id' | 'title' | 'caption'>,
): Figure {
  const series = sweeps.flatMap((sweep, index) => sweepSeries(sweep, index, measure));
  const parts = sweeps.flatMap((sweep) => sweep.parts);
  const known = series.some((line) => line.band);
  const estimates = parts.map((part) => expectedOf(measure, part));
  return {
    id,
    title,
    caption: `${caption} Points are measured${known ? `; the dashed line is what ${authorityOf(estimates)} expects for the requests that each worker really got, the band its interval` : ''}.`,
    chart: {
      kind: 'lines',
      x: { label: 'workers (logarithmic)', format: 'count', scale: 'logarithmic' },
      y: axisOf(measure),
      series,
      events: [],
      ticks: [...new Set(parts.map(({ arm }) => arm.workers))].sort((a, b) => a - b),
    },
    table: tableOf(parts, [
      ['arm', ({ label }) => label],
      ['workers', ({ arm }) => arm.workers, 'count'],
      ...measureColumns([MEASURES.lookups, measure]),
      ...expectedColumns(measure),
    ]),
  };
}

function sweepSeries({ name, parts }: Sweep, index: number, measure: Measure): LineSeries[] {
  const suffix = name === '' ? '' : `: ${name}`;
  // Rounds repeat the measurement; one expectation for each number of workers is enough.
  const expected = parts.filter(({ arm, phase }) => arm.round === 1 && phase.expected);
  const estimates = expected.map((part) => expectedOf(measure, part)!);
  const points: LineSeries = {
    name: `measured${suffix}`,
    points: parts.map((part) => [part.arm.workers, measuredOf(measure, part)]),
    n: parts.map(({ phase }) => lookupsOf(phase.totals)),
    colour: seriesColour(index),
    marked: 'only',
  };
  if (expected.length < FEWEST) return [points];
  const line: LineSeries = {
    name: `expected by ${authorityOf(estimates)}${suffix}`,
    points: expected.map(({ arm }, at) => [arm.workers, estimates[at]!.value]),
    band: estimates.map(({ low, high }) => [low, high]),
    colour: name === '' ? 'ink' : seriesColour(index),
    dash: 'dashed',
  };
  return [line, points];
}
