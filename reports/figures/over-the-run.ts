import { counted } from '../record/format.ts';
import { MEASURES } from '../record/measures.ts';
import type { Arm, Phase, RunRecord } from '../record/schema.ts';
import { NO_TRAFFIC } from '../record/table.ts';
import { phasesInTurn } from '../record/tally.ts';
import { type Bin, fleetBins, slotsOf, stretchOf, workerBins } from './bins.ts';
import { chartTable } from './chart-table.ts';
import {
  type Colour,
  type Figure,
  type LineChart,
  type LineSeries,
  workerColour,
  workerDash,
} from './figure.ts';
import { axisOf } from './measured-bars.ts';
import { baselineArm } from './run-parts.ts';

/** More workers than this are drawn as a range and the fleet's line: single lines would be mud. */
const MOST_LINES = 8;

/** Hit rate over the run: the fleets, then the workers of each fleet. */
export function overTheRunFigures(record: RunRecord): Figure[] {
  const arms = record.arms.filter((arm) => arm.phases.some((phase) => phase.bins.workers.length));
  if (arms.length === 0) return [];
  return [fleetsOverTheRun(firstRounds(arms)), ...workersOverTheRun(record, arms)];
}

/** Rounds repeat the same; one of each tells it. */
function firstRounds(arms: readonly Arm[]): Arm[] {
  const first = Math.min(...arms.map((arm) => arm.round));
  return arms.filter((arm) => arm.round === first);
}

function fleetsOverTheRun(arms: readonly Arm[]): Figure {
  const stretch = Math.max(...arms.map((arm) => stretchOf(arm, 1)));
  const chart = rateChart(
    arms.map((arm, index) => ({
      ...rateLine(arm.name, fleetBins(arm, stretch)),
      colour: fleetColour(arm, index, arms.length),
      dash: workerDash(index + 1),
      strong: true,
    })),
    arms,
  );
  return {
    id: 'over-the-run',
    title: 'Hit rate over the run, fleet by fleet',
    caption: `Each point is the hit rate of one stretch of requests, not of all so far. A stretch is ${counted(stretch, 'request')}.`,
    chart,
    table: chartTable(chart),
  };
}

/** The baseline is ink and the last arm stands out; those between have some colour of their own. */
function fleetColour(arm: Arm, index: number, arms: number): Colour {
  if (arm.workers === 1) return 'ink';
  return index === arms - 1 ? 'accent' : workerColour(index + 1);
}

function workersOverTheRun(record: RunRecord, arms: readonly Arm[]): Figure[] {
  const baseline = baselineArm(record);
  return arms
    .filter((arm) => arm.workers > 1)
    .map((arm, index) => {
      const slots = slotsOf(arm);
      const stretch = stretchOf(arm, slots.length);
      const lines = slots.map((slot) => ({
        ...rateLine(`worker ${slot}`, workerBins(arm, slot, stretch)),
        colour: workerColour(slot),
        dash: workerDash(slot),
      }));
      const comparison =
        baseline && baseline !== arm
          ? [{ ...rateLine(baseline.name, fleetBins(baseline, stretch)), strong: true }]
          : [];
      const crowded = slots.length > MOST_LINES;
      const fleet = crowded
        ? [withRange(rateLine(arm.name, fleetBins(arm, stretch)), lines)]
        : lines;
      const chart = rateChart([...comparison, ...fleet], [arm]);
      const look = crowded
        ? 'The line is the fleet; the band reaches from its lowest worker to its highest.'
        : 'A gap is a stretch in which the worker got no request.';
      return {
        arm,
        id: `over-the-run-${index + 1}`,
        title: `Hit rate over the run, worker by worker, ${arm.name}`,
        caption: `${look} A stretch is ${counted(stretch, 'request')} to the fleet.`,
        chart,
        table: chartTable(chart),
      };
    });
}

function rateChart(series: readonly LineSeries[], arms: readonly Arm[]): LineChart {
  return {
    kind: 'lines',
    x: { label: 'requests sent', format: 'count' },
    y: axisOf(MEASURES.hitRate),
    series,
    events: events(arms),
    missing: NO_TRAFFIC,
    followsScrubber: true,
  };
}

function rateLine(name: string, bins: readonly Bin[]): LineSeries {
  return {
    name,
    points: bins.map(({ end, hits, lookups }) => [end, lookups === 0 ? null : hits / lookups]),
    n: bins.map(({ lookups }) => lookups),
    colour: 'ink',
  };
}

function withRange(fleet: LineSeries, workers: readonly LineSeries[]): LineSeries {
  return {
    ...fleet,
    colour: 'accent',
    strong: true,
    band: fleet.points.map((_, at) => {
      const rates = workers.flatMap(({ points }) => points[at]![1] ?? []);
      return rates.length === 0 ? [null, null] : [Math.min(...rates), Math.max(...rates)];
    }),
  };
}

function events(arms: readonly Arm[]): { x: number; label: string }[] {
  const marks = arms.flatMap(phasesInTurn).flatMap(({ phase: { name, events }, start }) => {
    const told = start === 0 || events.some(({ label }) => label === name);
    const happened = events.map((event) => ({
      x: start + event.atRequest,
      label: eventLabel(event),
    }));
    return told ? happened : [{ x: start, label: name }, ...happened];
  });
  // Arms whose phases are alike have the same marks.
  return [...new Map(marks.map((mark) => [`${mark.x} ${mark.label}`, mark])).values()];
}

function eventLabel({ label, slot }: Phase['events'][number]): string {
  return slot === null || label.includes(`worker ${slot}`) ? label : `${label} (worker ${slot})`;
}
