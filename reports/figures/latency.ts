import type { Latency, RunRecord } from '../record/schema.ts';
import { tableOf } from '../record/table.ts';
import type { Figure, LineSeries } from './figure.ts';
import { type RunPart, runParts } from './run-parts.ts';

/** Responses of several workers in one histogram; histograms add up, percentiles do not. */
export interface Distribution {
  readonly count: number;
  /** Ascending; a gap between two is a stretch without responses. */
  readonly buckets: readonly Bucket[];
}

interface Bucket {
  readonly fromMicros: number;
  readonly upToMicros: number;
  readonly count: number;
}

/** How long hits and misses took, one figure per arm. */
export function latencyFigures(record: RunRecord): Figure[] {
  return runParts(record).flatMap((part, index) => {
    const hits = mergeLatencies(part.phase.workers.map((worker) => worker.hitLatency));
    const misses = mergeLatencies(part.phase.workers.map((worker) => worker.missLatency));
    if (hits.count + misses.count === 0) return [];
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
          series: [
            outline('hits', hits, { colour: 'hit' }),
            outline('misses', misses, { colour: 'miss', dash: 'dashed' }),
          ].filter((series) => series.points.length > 0),
          events: [],
        },
        table: latencyTable(part),
      } satisfies Figure,
    ];
  });
}

/** The buckets of all, by their upper ends. */
export function mergeLatencies(latencies: readonly Latency[]): Distribution {
  const merged = new Map<number, Bucket>();
  for (const bucket of latencies.flatMap(bucketsOf)) {
    const known = merged.get(bucket.upToMicros);
    merged.set(bucket.upToMicros, {
      ...bucket,
      fromMicros: Math.max(bucket.fromMicros, known?.fromMicros ?? 0),
      count: bucket.count + (known?.count ?? 0),
    });
  }
  return {
    count: latencies.reduce((sum, latency) => sum + latency.count, 0),
    buckets: [...merged.values()].sort((a, b) => a.upToMicros - b.upToMicros),
  };
}

/** Where the first bucket begins is not in the record: it is taken to be as wide, in proportion, as the next. */
function bucketsOf(latency: Latency): Bucket[] {
  const ends = latency.upToMicros;
  const ratio = ends.length > 1 ? ends[1]! / ends[0]! : 1.25;
  return ends.map((upToMicros, index) => ({
    fromMicros: index === 0 ? upToMicros / ratio : ends[index - 1]!,
    upToMicros,
    count: latency.counts[index]!,
  }));
}

/** The histogram's outline as steps, so that two can lie over each other and both be read. */
function outline(
  name: string,
  { count, buckets }: Distribution,
  look: Pick<LineSeries, 'colour' | 'dash'>,
): LineSeries {
  const points: [number, number][] = [];
  const n: number[] = [];
  const step = (micros: number, responses: number) => {
    points.push([micros, responses / count]);
    n.push(responses);
  };
  buckets.forEach((bucket, index) => {
    step(bucket.fromMicros, bucket.count);
    // Down to nothing at the end, and before a gap.
    if (buckets[index + 1]?.fromMicros !== bucket.upToMicros) step(bucket.upToMicros, 0);
  });
  return { name, points, n, stepped: true, filled: true, ...look };
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
