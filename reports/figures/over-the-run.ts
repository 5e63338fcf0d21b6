import { plural } from '../record/format.ts';
import type { Arm, Phase, RunRecord } from '../record/schema.ts';
import { type Bin, fleetBins, slotsOf, stretchOf, workerBins } from './bins.ts';
import {
  type Cell,
  type Colour,
  type Figure,
  type LineSeries,
  NO_TRAFFIC,
  workerColour,
  workerDash,
} from './figure.ts';
import { baselineArm } from './run-parts.ts';

/** More workers than this are drawn as a range and the fleet's line: single lines would be mud. */
const MOST_LINES = 8;

/** Hit rate over the course of the run: the fleets, then the workers of each fleet. */
export function overTheRunFigures(record: RunRecord): Figure[] {
  const arms = record.arms.filter((arm) => arm.phases.some((phase) => phase.bins.workers.length));
  if (arms.length === 0) return [];
  return [fleetsOverTheRun(firstRounds(arms)), ...workersOverTheRun(record, arms)];
}

/** Rounds repeat the same course; one of each tells it. */
function firstRounds(arms: readonly Arm[]): Arm[] {
  const first = Math.min(...arms.map((arm) => arm.round));
  return arms.filter((arm) => arm.round === first);
}

function fleetsOverTheRun(arms: readonly Arm[]): Figure {
  const stretch = Math.max(...arms.map((arm) => stretchOf(arm, 1)));
  const courses = arms.map((arm) => ({ arm, bins: fleetBins(arm, stretch) }));
  const series = courses.map(
    ({ arm, bins }, index): LineSeries => ({
      ...rateLine(arm.name, bins),
      colour: fleetColour(arm, index, arms.length),
      dash: workerDash(index + 1),
      strong: true,
    }),
  );
  return {
    id: 'over-the-run',
    title: 'Hit rate over the run, fleet by fleet',
    caption: `Each point is the hit rate of one stretch of requests, not of all so far. A stretch is ${plural(stretch, 'request')}.`,
    chart: {
      kind: 'lines',
      x: { label: 'requests sent', format: 'count' },
      y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
      series,
      events: events(arms),
      followsScrubber: true,
    },
    table: {
      columns: [
        { label: 'requests sent', format: 'count' },
        ...courses.flatMap(({ arm }) => [
          { label: `${arm.name}: hit rate`, format: 'percent' as const },
          { label: `${arm.name}: n`, format: 'count' as const },
        ]),
      ],
      rows: tableRows(courses.map(({ bins }) => bins)),
    },
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
      const courses = slots.map((slot) => workerBins(arm, slot, stretch));
      const comparison =
        baseline && baseline !== arm
          ? [
              {
                ...rateLine(baseline.name, fleetBins(baseline, stretch)),
                colour: 'ink',
                strong: true,
              },
            ]
          : [];
      return {
        arm,
        id: `over-the-run-${index + 1}`,
        title: `Hit rate over the run, worker by worker, ${arm.name}`,
        caption:
          slots.length > MOST_LINES
            ? `The line is the fleet; the band reaches from its lowest worker to its highest. A stretch is ${plural(stretch, 'request')} to the fleet.`
            : `A gap is a stretch in which the worker was asked nothing. A stretch is ${plural(stretch, 'request')} to the fleet.`,
        chart: {
          kind: 'lines',
          x: { label: 'requests sent', format: 'count' },
          y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
          series: [
            ...comparison,
            ...(slots.length > MOST_LINES
              ? [fleetWithRange(arm.name, fleetBins(arm, stretch), courses)]
              : slots.map((slot, at) => ({
                  ...rateLine(`worker ${slot}`, courses[at]!),
                  colour: workerColour(slot),
                  dash: workerDash(slot),
                }))),
          ],
          events: events([arm]),
          followsScrubber: true,
        },
        table: {
          columns: [
            { label: 'requests sent', format: 'count' },
            ...slots.flatMap((slot) => [
              { label: `worker ${slot}: hit rate`, format: 'percent' as const },
              { label: `worker ${slot}: n`, format: 'count' as const },
            ]),
          ],
          rows: tableRows(courses),
        },
      };
    });
}

function rateLine(name: string, bins: readonly Bin[]): LineSeries {
  return {
    name,
    points: bins.map((bin) => [bin.end, bin.lookups === 0 ? null : bin.hits / bin.lookups]),
    n: bins.map((bin) => bin.lookups),
    colour: 'ink',
  };
}

function fleetWithRange(
  name: string,
  bins: readonly Bin[],
  courses: readonly (readonly Bin[])[],
): LineSeries {
  return {
    ...rateLine(name, bins),
    colour: 'accent',
    strong: true,
    band: bins.map((_, at) => {
      const rates = courses
        .map((course) => course[at])
        .filter((bin) => bin !== undefined && bin.lookups > 0)
        .map((bin) => bin!.hits / bin!.lookups);
      return rates.length === 0 ? [null, null] : [Math.min(...rates), Math.max(...rates)];
    }),
  };
}

function events(arms: readonly Arm[]): { x: number; label: string }[] {
  const marks = arms.flatMap((arm) => {
    let start = 0;
    return arm.phases.flatMap((phase, index) => {
      const marks = phase.events.map((event) => ({
        x: start + event.atRequest,
        label: eventLabel(event),
      }));
      const told = phase.events.some((event) => event.label === phase.name);
      if (index > 0 && !told) marks.unshift({ x: start, label: phase.name });
      start += phase.totals.requests;
      return marks;
    });
  });
  // Arms whose phases are alike have the same marks.
  return [...new Map(marks.map((mark) => [`${mark.x} ${mark.label}`, mark])).values()];
}

function eventLabel({ label, slot }: Phase['events'][number]): string {
  return slot === null || label.includes(`worker ${slot}`) ? label : `${label} (worker ${slot})`;
}

function tableRows(courses: readonly (readonly Bin[])[]): Cell[][] {
  const ends = [...new Set(courses.flatMap((bins) => bins.map((bin) => bin.end)))].sort(
    (a, b) => a - b,
  );
  const byEnd = courses.map((bins) => new Map(bins.map((bin) => [bin.end, bin])));
  return ends.map((end) => [
    end,
    ...byEnd.flatMap((bins): Cell[] => {
      const bin = bins.get(end);
      if (bin === undefined) return [null, null];
      return [bin.lookups === 0 ? NO_TRAFFIC : bin.hits / bin.lookups, bin.lookups];
    }),
  ]);
}
