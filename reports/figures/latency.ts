import { type LatencyBar, latencyBars } from '../record/latency-bars.ts';
import type { Latency, RunRecord } from '../record/schema.ts';
import { tableOf } from '../record/table.ts';
import { sum } from '../record/tally.ts';
import type { Figure, LineSeries } from './figure.ts';
import { FEW_EACH, type RunPart, runParts } from './run-parts.ts';

/** How long hits and misses took, one figure per arm. */
export function latencyFigures(record: RunRecord): Figure[] {
  return runParts(record).flatMap((part, index) => {
    const { workers } = part.phase;
    const series = [
      outline(
        'hits',
        workers.map(({ hitLatency }) => hitLatency),
        { colour: 'hit' },
      ),
      outline(
        'misses',
        workers.map(({ missLatency }) => missLatency),
        { colour: 'miss', dash: 'dashed' },
      ),
    ].filter(({ n }) => sum(n ?? []) >= FEW_EACH);
    if (series.length === 0) return [];
    return [
      {
        arm: part.arm,
        id: `latency-${index + 1}`,
        title: `How long an answer took, ${part.label}`,
        caption: `The share of hits, and of misses, that took so long. ${howMeasured(part)}`,
        chart: {
          kind: 'lines',
          x: { label: 'latency (logarithmic)', format: 'micros', scale: 'logarithmic' },
          y: { label: 'share of responses (%)', format: 'percent' },
          series,
          events: [],
        },
        table: latencyTable(part),
      } satisfies Figure,
    ];
  });
}

/** A bar reaches at most this many times as far as the one before; if not, there is a gap between. */
const WIDEST = 1.29;

/** The histogram's outline as steps, so that two can lie over each other and both be read. */
export function outline(
  name: string,
  latencies: readonly Latency[],
  look: Pick<LineSeries, 'colour' | 'dash'>,
): LineSeries {
  const bars = latencyBars(latencies);
  const all = sum(bars.map(([, count]) => count));
  const steps = bars.flatMap(([upTo, count], index): LatencyBar[] => {
    const from = Math.max(bars[index - 1]?.[0] ?? 0, upTo / WIDEST);
    const [next = Number.POSITIVE_INFINITY] = bars[index + 1] ?? [];
    // Down to nothing at the end, and before a gap.
    return next / WIDEST > upTo
      ? [
          [from, count],
          [upTo, 0],
        ]
      : [[from, count]];
  });
  return {
    ...{ name, stepped: true, filled: true, ...look },
    points: steps.map(([micros, count]) => [micros, count / all]),
    n: steps.map(([, count]) => count),
  };
}

function latencyTable({ phase }: RunPart): Figure['table'] {
  const rows = phase.workers.flatMap(({ slot, hitLatency, missLatency }) => [
    { slot, kind: 'hits', latency: hitLatency },
    { slot, kind: 'misses', latency: missLatency },
  ]);
  return tableOf(rows, [
    ['worker', ({ slot }) => `worker ${slot}`],
    ['responses', ({ kind }) => kind],
    ['n', ({ latency }) => latency.count, 'count'],
    ['half within', ({ latency }) => latency.p50Micros, 'micros'],
    ['90 % within', ({ latency }) => latency.p90Micros, 'micros'],
    ['99 % within', ({ latency }) => latency.p99Micros, 'micros'],
    ['longest', ({ latency }) => latency.maxMicros, 'micros'],
  ]);
}

function howMeasured({ arm }: RunPart): string {
  return arm.ratePerSecond === null
    ? 'Service time in a closed loop: a connection sends its next request when the last is answered, so waiting in a queue is not in it.'
    : `Service time at a fixed rate of ${arm.ratePerSecond} requests a second.`;
}
