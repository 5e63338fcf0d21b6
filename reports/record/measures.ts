import type { Format } from './format.ts';
import type { Estimate, Expectation, Latency, Phase, WorkerFigures } from './schema.ts';
import { missesOf, sum } from './tally.ts';

/**
 * A figure of a run. Declared here once; the terminal's table, `--json`, CSV, Markdown, comparisons,
 * lessons and the tables under the charts take theirs from {@link MEASURES}.
 */
export interface Measure {
  /** Its name in JSON and CSV, with the unit where there is one. */
  readonly id: string;
  readonly label: string;
  readonly format: Format;
  /** `null`: neither is better, it is only another. */
  readonly better: 'higher' | 'lower' | null;
  /** Of all workers together; `null`: not known, or no traffic. */
  of(phase: Phase): number | null;
  /** Of one worker; left out: only the fleet has it. */
  ofWorker?(worker: WorkerFigures): number | null;
  /** What theory says of it, for a phase or a worker. */
  expected?(part: { readonly expected?: Expectation | null }): Estimate | null;
  /** Tables with little room that have it; JSON and CSV have all measures. */
  readonly shownIn: readonly ('terminal' | 'markdown' | 'compare')[];
}

/** A measure that phases sum up in their totals and each worker has for itself. */
function total(
  id: 'requests' | 'hits' | 'errors' | 'originQueries' | 'entries',
  rest: Pick<Measure, 'label' | 'better' | 'shownIn'>,
): Measure {
  return {
    id,
    format: 'count',
    of: ({ totals }) => totals[id],
    ofWorker: (worker) => worker[id],
    ...rest,
  };
}

/** Misses of one reason. */
function reason(id: 'cold' | 'expired' | 'evicted'): Measure {
  return {
    id,
    label: `${id} misses`,
    format: 'count',
    better: 'lower',
    of: ({ totals }) => totals.misses[id],
    ofWorker: ({ misses }) => misses[id],
    shownIn: [],
  };
}

/** What each worker counts for itself; of a fleet it is the sum. */
function summed(
  id: 'connections' | 'evictions' | 'culls' | 'rssBytes' | 'heapUsedBytes',
  rest: Pick<Measure, 'label' | 'format' | 'better' | 'shownIn'>,
): Measure {
  return {
    id,
    of: ({ workers }) => sum(workers.map((worker) => worker[id])),
    ofWorker: (worker) => worker[id],
    ...rest,
  };
}

/** The median of the latencies of hits or of misses, or what 99 % of them stay within. */
function latency(
  id: string,
  of: 'hitLatency' | 'missLatency',
  percentile: 50 | 99,
  rest: Pick<Measure, 'label' | 'shownIn'>,
): Measure {
  return {
    id,
    format: 'micros',
    better: 'lower',
    of: ({ workers }) =>
      quantileOf(
        workers.map((worker) => worker[of]),
        percentile / 100,
      ),
    ofWorker: (worker) => worker[of][`p${percentile}Micros`],
    ...rest,
  };
}

/** In the order of the tables. A new one is an entry here. */
export const MEASURES: readonly Measure[] = [
  summed('connections', {
    label: 'connections',
    format: 'count',
    better: null,
    shownIn: ['terminal'],
  }),
  total('requests', { label: 'requests', better: null, shownIn: ['terminal', 'markdown'] }),
  total('hits', { label: 'hits', better: null, shownIn: ['terminal'] }),
  {
    id: 'misses',
    label: 'misses',
    format: 'count',
    better: 'lower',
    of: ({ totals }) => (totals.hitRate === null ? null : missesOf(totals)),
    ofWorker: missesOf,
    expected: ({ expected }) => expected?.misses ?? null,
    shownIn: ['terminal', 'markdown', 'compare'],
  },
  reason('cold'),
  reason('expired'),
  reason('evicted'),
  total('errors', { label: 'failed lookups', better: 'lower', shownIn: [] }),
  {
    id: 'failures',
    label: 'responses that were not 2xx',
    format: 'count',
    better: 'lower',
    of: ({ totals }) => totals.failures,
    shownIn: [],
  },
  {
    id: 'hitRate',
    label: 'hit rate',
    format: 'percent',
    better: 'higher',
    of: ({ totals }) => totals.hitRate,
    ofWorker: ({ hitRate }) => hitRate,
    expected: ({ expected }) => expected?.hitRate ?? null,
    shownIn: ['terminal', 'markdown', 'compare'],
  },
  total('originQueries', {
    label: 'origin queries',
    better: 'lower',
    shownIn: ['markdown', 'compare'],
  }),
  summed('evictions', { label: 'evictions', format: 'count', better: null, shownIn: [] }),
  summed('culls', { label: 'culls', format: 'count', better: null, shownIn: [] }),
  total('entries', {
    label: 'entries',
    better: null,
    shownIn: ['terminal', 'markdown', 'compare'],
  }),
  {
    id: 'uniqueEntries',
    label: 'distinct entries',
    format: 'count',
    better: null,
    of: ({ totals }) => totals.uniqueEntries,
    shownIn: [],
  },
  {
    id: 'duplicationFactor',
    label: 'copies of each entry',
    format: 'number',
    better: null,
    of: ({ totals }) => totals.duplicationFactor,
    shownIn: ['markdown', 'compare'],
  },
  {
    id: 'avoidableMisses',
    label: 'avoidable misses',
    format: 'count',
    better: 'lower',
    of: ({ replay }) => replay?.avoidableMisses ?? null,
    shownIn: [],
  },
  {
    id: 'durationMillis',
    label: 'duration, ms',
    format: 'number',
    better: null,
    of: ({ durationMillis }) => durationMillis,
    shownIn: [],
  },
  {
    id: 'requestsPerSecond',
    label: 'requests/s',
    format: 'count',
    better: 'higher',
    of: ({ requestsPerSecond }) => requestsPerSecond,
    shownIn: ['markdown', 'compare'],
  },
  latency('hitP50Micros', 'hitLatency', 50, { label: 'hit, median', shownIn: ['compare'] }),
  latency('hitP99Micros', 'hitLatency', 99, { label: 'hit, 99 % within', shownIn: ['compare'] }),
  latency('missP50Micros', 'missLatency', 50, { label: 'miss, median', shownIn: ['compare'] }),
  latency('missP99Micros', 'missLatency', 99, { label: 'miss, 99 % within', shownIn: [] }),
  summed('rssBytes', {
    label: 'memory',
    format: 'bytes',
    better: 'lower',
    shownIn: ['terminal', 'compare'],
  }),
  summed('heapUsedBytes', { label: 'heap', format: 'bytes', better: 'lower', shownIn: [] }),
];

/** `expectedHitRate`, for the measure `hitRate`. */
export function expectedId(id: string): string {
  return `expected${id[0]!.toUpperCase()}${id.slice(1)}`;
}

/** The measures of one kind of table, in their order. */
export function measuresIn(table: Measure['shownIn'][number]): readonly Measure[] {
  return MEASURES.filter(({ shownIn }) => shownIn.includes(table));
}

/**
 * A quantile of several histograms together, since quantiles cannot be averaged: the upper end of
 * the bin in which it lies.
 */
export function quantileOf(latencies: readonly Latency[], share: number): number | null {
  const bins = latencies.flatMap(({ upToMicros, counts }) =>
    upToMicros.map((upTo, index) => [upTo, counts[index] ?? 0] as const),
  );
  const all = sum(bins.map(([, count]) => count));
  if (all === 0) return null;
  bins.sort(([a], [b]) => a - b);
  let seen = 0;
  for (const [upTo, count] of bins) {
    seen += count;
    if (seen >= share * all) return upTo;
  }
  return bins.at(-1)![0];
}
