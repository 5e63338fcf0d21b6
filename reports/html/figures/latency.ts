import type { Latency, RunRecord } from '../../record.ts';
import type { Cell, Figure, LineSeries } from '../figure.ts';
import { type RunPart, runParts } from '../run-parts.ts';

/** Responses of several workers in one histogram; histograms add up, percentiles do not. */
export interface Distribution {
  readonly count: number;
  /** Ascending upper ends of the buckets. */
  readonly upToMicros: readonly number[];
  readonly counts: readonly number[];
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
  const buckets = new Map<number, number>();
  for (const latency of latencies) {
    latency.upToMicros.forEach((upTo, index) => {
      buckets.set(upTo, (buckets.get(upTo) ?? 0) + latency.counts[index]!);
    });
  }
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  return {
    count: latencies.reduce((sum, latency) => sum + latency.count, 0),
    upToMicros: sorted.map(([upTo]) => upTo),
    counts: sorted.map(([, count]) => count),
  };
}

/** Buckets of equal width on a logarithmic axis, twelve to a factor of ten. */
const STEPS_PER_DECADE = 12;

/** The histogram's outline as steps, so that two can lie over each other and both be read. */
function outline(
  name: string,
  distribution: Distribution,
  look: Pick<LineSeries, 'colour' | 'dash'>,
): LineSeries {
  const steps = new Map<number, number>();
  distribution.upToMicros.forEach((upTo, index) => {
    // A bucket belongs to the step in which its upper end lies.
    const step = Math.ceil(Math.log10(Math.max(upTo, 1)) * STEPS_PER_DECADE - 1e-9);
    steps.set(step, (steps.get(step) ?? 0) + distribution.counts[index]!);
  });
  const used = [...steps].filter(([, count]) => count > 0).map(([step]) => step);
  const first = Math.min(...used);
  const last = Math.max(...used);
  const points: [number, number][] = [];
  const n: number[] = [];
  for (let step = first; used.length > 0 && step <= last + 1; step++) {
    const count = steps.get(step) ?? 0;
    points.push([10 ** ((step - 1) / STEPS_PER_DECADE), count / distribution.count]);
    n.push(count);
  }
  return { name, points, n, stepped: true, filled: true, ...look };
}

function latencyTable({ phase }: RunPart): Figure['table'] {
  const row = (label: string, kind: string, latency: Latency): Cell[] => [
    label,
    kind,
    latency.count,
    latency.p50Micros,
    latency.p90Micros,
    latency.p99Micros,
    latency.maxMicros,
  ];
  return {
    columns: [
      { label: 'worker' },
      { label: 'responses' },
      { label: 'n', format: 'count' },
      { label: 'half within', format: 'micros' },
      { label: '90 % within', format: 'micros' },
      { label: '99 % within', format: 'micros' },
      { label: 'longest', format: 'micros' },
    ],
    rows: phase.workers.flatMap((worker) => [
      row(`worker ${worker.slot}`, 'hits', worker.hitLatency),
      row(`worker ${worker.slot}`, 'misses', worker.missLatency),
    ]),
  };
}

function howMeasured({ arm }: RunPart): string {
  return arm.ratePerSecond === null
    ? 'Service time in a closed loop: a connection sends its next request when the last is answered, so waiting in a queue is not in it.'
    : `Service time at a fixed rate of ${arm.ratePerSecond} requests a second.`;
}
