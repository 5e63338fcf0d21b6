import { count } from '../record/format.ts';
import { type LatencyBar, latencyBars } from '../record/latency-bars.ts';
import type { Latency, RunRecord } from '../record/schema.ts';
import { tableOf } from '../record/table.ts';
import { sum } from '../record/tally.ts';
import type { Figure, LineSeries } from './figure.ts';
import { type RunPart, runParts } from './run-parts.ts';

/**
 * How long hits and misses took, one figure per part; all have the same axes, so that they can be
 * held beside each other.
 */
export function latencyFigures(record: RunRecord): Figure[] {
  const drawn = runParts(record)
    .map((part, index) => ({ part, index, series: outlinesOf(part) }))
    .filter(({ series }) => series.length > 0);
  const points = drawn.flatMap(({ series }) => series.flatMap((one) => one.points));
  const micros = points.map(([upTo]) => upTo);
  const shares = points.map(([, share]) => share!);
  return drawn.map(({ part, index, series }) => ({
    arm: part.arm,
    id: `latency-${index + 1}`,
    title: `How long an answer took, ${part.label}`,
    caption: `The share of hits, and of misses, that took about this long. ${howMeasured(part)}`,
    chart: {
      kind: 'lines',
      x: {
        ...{ label: 'latency (logarithmic)', format: 'micros', scale: 'logarithmic' },
        ...{ min: Math.min(...micros), max: Math.max(...micros) },
      },
      y: { label: 'share of responses (%)', format: 'percent', max: roundUp(Math.max(...shares)) },
      series,
      events: [],
    },
    table: latencyTable(part),
  }));
}

/** To a whole tick of the axis: five points of a hundred. */
const roundUp = (share: number) => Math.ceil(20 * share) / 20;

function outlinesOf({ phase: { workers } }: RunPart): LineSeries[] {
  const hits = workers.map(({ hitLatency }) => hitLatency);
  const misses = workers.map(({ missLatency }) => missLatency);
  return [
    outline('hits', hits, { colour: 'hit' }),
    outline('misses', misses, { colour: 'miss', dash: 'dashed' }),
  ].filter(({ points }) => points.length > 0);
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

/** What the time of a response holds, and which requests are not among them. */
function howMeasured({ arm: { ratePerSecond } }: RunPart): string {
  const sent =
    ratePerSecond === null
      ? 'each connection sends its next request when the last is answered'
      : `${count(ratePerSecond)} requests per second were due, as long as a connection was free`;
  return `Timed at the client, from sending to the answer. This includes waiting in the server behind other requests, but not requests that a slow server kept from being sent (coordinated omission): ${sent}.`;
}
