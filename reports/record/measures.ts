import { missesOf } from '../figures/run-parts.ts';
import type { Format } from './format.ts';
import type { Estimate, Latency, Phase } from './schema.ts';

/** A figure that runs are compared by. */
export interface Measure {
  readonly id: string;
  readonly label: string;
  readonly format: Format;
  /** `null`: neither is better, it is only another. */
  readonly better: 'higher' | 'lower' | null;
  readonly of: (phase: Phase) => number | null;
  readonly expected?: (phase: Phase) => Estimate | null;
}

/** In the order of the tables. */
export const MEASURES: readonly Measure[] = [
  {
    id: 'hitRate',
    label: 'hit rate',
    format: 'percent',
    better: 'higher',
    of: ({ totals }) => totals.hitRate,
    expected: ({ expected }) => expected?.hitRate ?? null,
  },
  {
    id: 'misses',
    label: 'misses',
    format: 'count',
    better: 'lower',
    of: ({ totals }) => (totals.hitRate === null ? null : missesOf(totals)),
    expected: ({ expected }) => expected?.misses ?? null,
  },
  {
    id: 'originQueries',
    label: 'origin queries',
    format: 'count',
    better: 'lower',
    of: ({ totals }) => totals.originQueries,
  },
  {
    id: 'requestsPerSecond',
    label: 'requests/s',
    format: 'count',
    better: 'higher',
    of: (phase) => phase.requestsPerSecond,
  },
  {
    id: 'hitP50Micros',
    label: 'hit, median',
    format: 'micros',
    better: 'lower',
    of: ({ workers }) =>
      quantile(
        workers.map((worker) => worker.hitLatency),
        0.5,
      ),
  },
  {
    id: 'hitP99Micros',
    label: 'hit, 99 % within',
    format: 'micros',
    better: 'lower',
    of: ({ workers }) =>
      quantile(
        workers.map((worker) => worker.hitLatency),
        0.99,
      ),
  },
  {
    id: 'missP50Micros',
    label: 'miss, median',
    format: 'micros',
    better: 'lower',
    of: ({ workers }) =>
      quantile(
        workers.map((worker) => worker.missLatency),
        0.5,
      ),
  },
  {
    id: 'entries',
    label: 'entries',
    format: 'count',
    better: null,
    of: ({ totals }) => totals.entries,
  },
  {
    id: 'duplicationFactor',
    label: 'copies of each entry',
    format: 'number',
    better: null,
    of: ({ totals }) => totals.duplicationFactor,
  },
  {
    id: 'rssBytes',
    label: 'memory of all workers',
    format: 'bytes',
    better: 'lower',
    of: ({ workers }) => workers.reduce((bytes, worker) => bytes + worker.rssBytes, 0),
  },
];

/**
 * A quantile of several histograms together, since quantiles cannot be averaged: the upper end of
 * the bin in which it lies.
 */
export function quantile(latencies: readonly Latency[], share: number): number | null {
  const bins = latencies.flatMap(({ upToMicros, counts }) =>
    upToMicros.map((upTo, index) => [upTo, counts[index] ?? 0] as const),
  );
  const total = bins.reduce((sum, [, count]) => sum + count, 0);
  if (total === 0) return null;
  bins.sort(([a], [b]) => a - b);
  let seen = 0;
  for (const [upTo, count] of bins) {
    seen += count;
    if (seen >= share * total) return upTo;
  }
  return bins.at(-1)![0];
}
