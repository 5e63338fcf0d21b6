import { intervalInWords } from '../record/estimate.ts';
import { formatValue, percent } from '../record/format.ts';
import type { Arm, Phase, RunRecord } from '../record/schema.ts';
import {
  type BarChart,
  estimateColumns,
  type Figure,
  NO_TRAFFIC,
  tableOf,
  workerColour,
} from './figure.ts';
import {
  baselineArm,
  hasRoomForNames,
  lookupsOf,
  missesOf,
  type PartGroup,
  partGroups,
  partsByWorker,
  type RunPart,
  workerNames,
} from './run-parts.ts';

/** Hit rate of every worker, one chart per arm with more than one, against the baseline's. */
export function hitRateFigures(record: RunRecord): Figure[] {
  return [...partGroups(record).map(hitRateByArm), ...hitRateByWorker(record)];
}

/** The arms side by side, each with what theory expects for it. */
function hitRateByArm({ suffix, parts }: PartGroup): Figure {
  const expected = parts.map(({ phase }) => phase.expected?.hitRate ?? null);
  const intervals = new Set(expected.flatMap((one) => (one ? intervalInWords(one.interval) : [])));
  return {
    id: `hit-rate-by-arm${suffix.id}`,
    title: `Hit rate of each fleet${suffix.title}`,
    caption:
      'Hits of all workers together, divided by lookups of all workers together; never a mean of the workers’ rates.' +
      (intervals.size > 0
        ? ` The mark is what theory expects, its ends the interval: ${[...intervals].join('; ')}.`
        : ''),
    chart: {
      kind: 'bars',
      x: 'arm',
      categories: parts.map((part) => part.label),
      y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
      series: [
        {
          name: 'hit rate measured',
          values: parts.map(({ phase }) => phase.totals.hitRate),
          colour: 'accent',
        },
      ],
      ...(expected.some((estimate) => estimate !== null)
        ? { expected, expectedLabel: 'expected by theory' }
        : {}),
      n: parts.map(({ phase }) => lookupsOf(phase.totals)),
    },
    table: tableOf(parts, [
      ['arm', ({ label }) => label],
      ['lookups (n)', ({ phase }) => lookupsOf(phase.totals), 'count'],
      ['hits', ({ phase }) => phase.totals.hits, 'count'],
      ['misses', ({ phase }) => missesOf(phase.totals), 'count'],
      ['hit rate', ({ phase }) => phase.totals.hitRate ?? NO_TRAFFIC, 'percent'],
      ...estimateColumns('expected', ({ phase }: RunPart) => phase.expected?.hitRate, 'percent'),
    ]),
  };
}

/** One figure for every part with several workers; the line across is the baseline. */
function hitRateByWorker(record: RunRecord): Figure[] {
  const baseline = baselineArm(record);
  return partsByWorker(record)
    .filter(({ phase }) => lookupsOf(phase.totals) > 0)
    .map((part, index) => ({ part, index, reference: referenceRate(baseline, part) }))
    .map(({ part, index, reference }) => ({
      arm: part.arm,
      id: `hit-rate-by-worker-${index + 1}`,
      title: `Hit rate of each worker, ${part.label}`,
      caption:
        (part.arm.backend === 'locmem'
          ? 'Each worker is asked for a share of the traffic and knows only what it was asked for itself.'
          : 'Each worker is asked for a share of the traffic.') +
        (reference !== null ? ` The line is ${baseline!.name}: ${percent(reference)}.` : '') +
        (hasRoomForNames(part.phase) ? '' : ` ${lookupRange(part.phase)}`),
      chart: {
        kind: 'bars',
        x: 'worker',
        categories: workerNames(part.phase),
        y: { label: 'hit rate (% of lookups)', format: 'percent', max: 1 },
        series: [
          {
            name: 'hit rate measured',
            values: part.phase.workers.map((worker) => worker.hitRate),
            colour: 'accent',
            colours: part.phase.workers.map((worker) => workerColour(worker.slot)),
          },
        ],
        ...(reference !== null ? { reference: { value: reference, label: baseline!.name } } : {}),
        ...expectedByWorker(part),
        ...(hasRoomForNames(part.phase) ? { n: part.phase.workers.map(lookupsOf) } : {}),
      },
      table: workerTable(part),
    }));
}

/** What the baseline made of the same phase of the same traffic; null: nothing to hold it against. */
function referenceRate(baseline: Arm | null, { arm, phase }: RunPart): number | null {
  if (baseline === null || baseline === arm) return null;
  const same = baseline.phases.find(({ name }) => name === phase.name);
  return same && baseline.workload.keys === arm.workload.keys ? same.totals.hitRate : null;
}

function lookupRange(phase: Phase): string {
  const lookups = phase.workers.map(lookupsOf);
  const [least, most] = [Math.min(...lookups), Math.max(...lookups)];
  return `Each was asked n = ${formatValue(least, 'count')} to ${formatValue(most, 'count')} times.`;
}

/** Theory for the requests that each worker really got, where the record has it. */
function expectedByWorker({ phase }: RunPart): Pick<BarChart, 'expected' | 'expectedLabel'> {
  const expected = phase.workers.map((worker) => worker.expected?.hitRate ?? null);
  return expected.some((estimate) => estimate !== null)
    ? { expected, expectedLabel: 'expected by theory' }
    : {};
}

/** All that is known about each worker; also the table that a person copies from. */
function workerTable({ phase }: RunPart): Figure['table'] {
  return tableOf(phase.workers, [
    ['worker', ({ slot }) => `worker ${slot}`],
    ['pid', ({ pid }) => String(pid)],
    ['connections', ({ connections }) => connections, 'count'],
    ['requests', ({ requests }) => requests, 'count'],
    ['lookups (n)', lookupsOf, 'count'],
    ['hits', ({ hits }) => hits, 'count'],
    ['misses', missesOf, 'count'],
    ['hit rate', ({ hitRate }) => hitRate ?? NO_TRAFFIC, 'percent'],
    ['expected', ({ expected }) => expected?.hitRate.value ?? null, 'percent'],
    ['entries', ({ entries }) => entries, 'count'],
    ['memory (resident)', ({ rssBytes }) => rssBytes, 'bytes'],
  ]);
}
