import { count, percent } from '../record/format.ts';
import { expectedColumns, measureColumns } from '../record/measure-columns.ts';
import { MEASURES, type Measure, type Part } from '../record/measures.ts';
import type { Arm, Phase, RunRecord } from '../record/schema.ts';
import { tableOf } from '../record/table.ts';
import { lookupsOf } from '../record/tally.ts';
import { chartTable } from './chart-table.ts';
import { type BarChart, type Figure, workerColour } from './figure.ts';
import { countsOf, expectedMarks, measuredBars } from './measured-bars.ts';
import { baselineArm, type RunPart, runParts } from './run-parts.ts';

const { connections, requests, lookups, hits, misses, hitRate, entries, rssBytes } = MEASURES;

/** Hit rate of every worker, one figure for every part with several; the line across is the baseline. */
export function hitRateByWorker(record: RunRecord): Figure[] {
  const baseline = baselineArm(record);
  return partsByWorker(record)
    .filter(({ phase }) => lookupsOf(phase.totals) > 0)
    .map((part, index) => {
      const { arm, phase, label } = part;
      const reference = referenceRate(baseline, part);
      const workers = workersOf(phase);
      const named = hasRoomForNames(phase);
      return {
        arm,
        id: `hit-rate-by-worker-${index + 1}`,
        title: `Hit rate of each worker, ${label}`,
        caption:
          (arm.backend === 'locmem'
            ? 'Each worker gets a share of the traffic and holds only what it has read itself.'
            : 'Each worker gets a share of the traffic.') +
          (reference ? ` The line is ${reference.label}: ${percent(reference.value)}.` : '') +
          (named ? '' : ` ${lookupRange(phase)}`),
        chart: {
          ...workerBars(phase, hitRate),
          ...expectedMarks(workers, hitRate),
          ...(reference && { reference }),
          ...(named && { n: countsOf(workers, lookups) }),
        },
        table: workerTable(workers),
      };
    });
}

const LOADS: readonly (readonly [measure: Measure, caption: string])[] = [
  [requests, 'A worker answers all requests on its connections.'],
  [
    connections,
    'node:cluster and its like hand out connections, not requests: a keep-alive connection stays with its worker.',
  ],
];

/** How the traffic fell on the workers: a worker's hit rate means little without it. */
export function loadFigures(record: RunRecord): Figure[] {
  return partsByWorker(record).flatMap(({ label, arm, phase }, index) =>
    LOADS
      // Where every request came over a connection of its own, none was kept to count.
      .filter(([{ of }]) => of(phase) !== 0)
      .map(([measure, caption]) => {
        const chart = workerBars(phase, measure);
        const noun = `${measure.label[0]!.toUpperCase()}${measure.label.slice(1)}`;
        return {
          ...{ arm, caption, chart, table: chartTable(chart) },
          id: `${measure.id}-by-worker-${index + 1}`,
          title: `${noun} of each worker, ${label}`,
        };
      }),
  );
}

/** Parts that have a chart for each worker. */
function partsByWorker(record: RunRecord): RunPart[] {
  return runParts(record).filter(({ phase: { workers } }) => workers.length > 1);
}

function workerBars(phase: Phase, measure: Measure): BarChart {
  const named = hasRoomForNames(phase);
  return measuredBars(workersOf(phase), measure, {
    x: 'worker',
    categories: phase.workers.map(({ slot }) => (named ? `worker ${slot}` : String(slot))),
    colour: 'accent',
    colours: phase.workers.map(({ slot }) => workerColour(slot)),
  });
}

function workersOf(phase: Phase): Required<Part>[] {
  return phase.workers.map((worker) => ({ phase, worker }));
}

/** More workers than this have no room under their bars for more than a number. */
const MOST_NAMED = 8;

/** Whether there is room for a name, and a count, under the bar of each worker. */
function hasRoomForNames({ workers }: Phase): boolean {
  return workers.length <= MOST_NAMED;
}

/** What the baseline made of the same phase of the same traffic; null: nothing to hold it against. */
function referenceRate(
  baseline: Arm | null,
  { arm, phase }: RunPart,
): BarChart['reference'] | null {
  if (baseline === null || baseline === arm) return null;
  const same = baseline.phases.find(({ name }) => name === phase.name);
  const value = baseline.workload.keys === arm.workload.keys ? same?.totals.hitRate : null;
  return value === null || value === undefined ? null : { value, label: baseline.name };
}

function lookupRange(phase: Phase): string {
  const each = phase.workers.map(lookupsOf);
  return `Each was asked n = ${count(Math.min(...each))} to ${count(Math.max(...each))} times.`;
}

/** All that is known about each worker; also the table that a person copies from. */
function workerTable(workers: readonly Part[]): Figure['table'] {
  return tableOf(workers, [
    ['worker', ({ worker }) => `worker ${worker!.slot}`],
    ['pid', ({ worker }) => String(worker!.pid)],
    ...measureColumns([connections, requests, lookups, hits, misses, hitRate]),
    expectedColumns(hitRate)[0]!,
    ...measureColumns([entries, rssBytes]),
  ]);
}
