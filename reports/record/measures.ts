import type { Format } from './format.ts';
import type { Estimate, Expectation, Latency, Phase, WorkerFigures } from './schema.ts';
import { lookupsOf, missesOf, sum } from './tally.ts';

/**
 * A figure of a run. Declared here once; the terminal's table, `--json`, CSV, Markdown, comparisons,
 * lessons, and the charts with their tables take theirs from {@link MEASURES}.
 */
export interface Measure {
  /** Its name in JSON and CSV, with the unit where there is one. */
  readonly id: MeasureId;
  readonly label: string;
  /** Along an axis, where the label does not say what is counted. */
  readonly axis?: string;
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

type Declared = Omit<Measure, 'id'>;

/** A measure that phases sum up in their totals and each worker has for itself. */
function total(
  id: 'requests' | 'hits' | 'errors' | 'originQueries' | 'entries',
  rest: Pick<Measure, 'label' | 'axis' | 'better' | 'shownIn'>,
): Declared {
  return { format: 'count', of: ({ totals }) => totals[id], ofWorker: (one) => one[id], ...rest };
}

/** Misses of one reason. */
function reason(id: 'cold' | 'expired' | 'evicted'): Declared {
  return {
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
  rest: Pick<Measure, 'label' | 'axis' | 'format' | 'better' | 'shownIn'>,
): Declared {
  return {
    of: ({ workers }) => sum(workers.map((worker) => worker[id])),
    ofWorker: (worker) => worker[id],
    ...rest,
  };
}

/** What a replay through the exact model of the caches counted. */
function replayed(id: 'avoidableMisses' | 'sharedCacheMisses', label: string): Declared {
  const of = ({ replay }: Phase) => replay?.[id] ?? null;
  return { label, format: 'count', better: 'lower', of, shownIn: [] };
}

/** The median of the latencies of hits or of misses, or what 99 % of them stay within. */
function latency(
  of: 'hitLatency' | 'missLatency',
  percentile: 50 | 99,
  rest: Pick<Measure, 'label' | 'shownIn'>,
): Declared {
  return {
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

/** A new one is an entry here. */
const DECLARED = {
  connections: summed('connections', {
    label: 'connections',
    axis: 'connections accepted',
    format: 'count',
    better: null,
    shownIn: ['terminal'],
  }),
  requests: total('requests', {
    label: 'requests',
    axis: 'requests answered',
    better: null,
    shownIn: ['terminal', 'markdown'],
  }),
  lookups: {
    label: 'lookups',
    format: 'count',
    better: null,
    of: ({ totals }) => lookupsOf(totals),
    ofWorker: lookupsOf,
    shownIn: [],
  },
  hits: total('hits', { label: 'hits', better: null, shownIn: ['terminal'] }),
  misses: {
    label: 'misses',
    axis: 'misses (lookups)',
    format: 'count',
    better: 'lower',
    of: ({ totals }) => (totals.hitRate === null ? null : missesOf(totals)),
    ofWorker: missesOf,
    expected: ({ expected }) => expected?.misses ?? null,
    shownIn: ['terminal', 'markdown', 'compare'],
  },
  cold: reason('cold'),
  expired: reason('expired'),
  evicted: reason('evicted'),
  errors: total('errors', { label: 'failed lookups', better: 'lower', shownIn: [] }),
  failures: {
    label: 'responses that were not 2xx',
    format: 'count',
    better: 'lower',
    of: ({ totals }) => totals.failures,
    shownIn: [],
  },
  hitRate: {
    label: 'hit rate',
    axis: 'hit rate (% of lookups)',
    format: 'percent',
    better: 'higher',
    of: ({ totals }) => totals.hitRate,
    ofWorker: ({ hitRate }) => hitRate,
    expected: ({ expected }) => expected?.hitRate ?? null,
    shownIn: ['terminal', 'markdown', 'compare'],
  },
  originQueries: total('originQueries', {
    label: 'origin queries',
    better: 'lower',
    shownIn: ['markdown', 'compare'],
  }),
  evictions: summed('evictions', {
    label: 'evictions',
    format: 'count',
    better: null,
    shownIn: [],
  }),
  culls: summed('culls', { label: 'culls', format: 'count', better: null, shownIn: [] }),
  entries: total('entries', {
    label: 'entries',
    better: null,
    shownIn: ['terminal', 'markdown', 'compare'],
  }),
  uniqueEntries: {
    label: 'distinct entries',
    format: 'count',
    better: null,
    of: ({ totals }) => totals.uniqueEntries,
    shownIn: [],
  },
  duplicationFactor: {
    label: 'copies of each entry',
    format: 'number',
    better: null,
    of: ({ totals }) => totals.duplicationFactor,
    shownIn: ['markdown', 'compare'],
  },
  avoidableMisses: replayed('avoidableMisses', 'avoidable misses'),
  sharedCacheMisses: replayed('sharedCacheMisses', 'misses of one shared cache'),
  durationMillis: {
    label: 'duration, ms',
    format: 'number',
    better: null,
    of: ({ durationMillis }) => durationMillis,
    shownIn: [],
  },
  requestsPerSecond: {
    label: 'requests/s',
    format: 'count',
    better: 'higher',
    of: ({ requestsPerSecond }) => requestsPerSecond,
    shownIn: ['markdown', 'compare'],
  },
  hitP50Micros: latency('hitLatency', 50, { label: 'hit, median', shownIn: ['compare'] }),
  hitP99Micros: latency('hitLatency', 99, { label: 'hit, 99 % within', shownIn: ['compare'] }),
  missP50Micros: latency('missLatency', 50, { label: 'miss, median', shownIn: ['compare'] }),
  missP99Micros: latency('missLatency', 99, { label: 'miss, 99 % within', shownIn: [] }),
  rssBytes: summed('rssBytes', {
    label: 'memory',
    format: 'bytes',
    better: 'lower',
    shownIn: ['terminal', 'compare'],
  }),
  heapUsedBytes: summed('heapUsedBytes', {
    label: 'heap',
    format: 'bytes',
    better: 'lower',
    shownIn: [],
  }),
} satisfies Record<string, Declared>;

export type MeasureId = keyof typeof DECLARED;

/** All measures by their names, in the order of the tables. */
export const MEASURES = Object.fromEntries(
  Object.entries<Declared>(DECLARED).map(([id, declared]) => [id, { id, ...declared }]),
) as Readonly<Record<MeasureId, Measure>>;

/** What figures are of: all workers of a phase together, or one of them. */
export interface Part {
  readonly phase: Phase;
  readonly worker?: WorkerFigures | null;
}

/** The measure's value; `null`: not known, or no traffic. */
export function measuredOf({ of, ofWorker }: Measure, { phase, worker }: Part): number | null {
  return worker ? (ofWorker?.(worker) ?? null) : of(phase);
}

/** What theory says of it; `null`: nothing. */
export function expectedOf({ expected }: Measure, { phase, worker }: Part): Estimate | null {
  return expected?.(worker ?? phase) ?? null;
}

/** `expectedHitRate`, for the measure `hitRate`. */
export function expectedId(id: string): string {
  return `expected${id[0]!.toUpperCase()}${id.slice(1)}`;
}

/** The measures of one kind of table, in their order. */
export function measuresIn(table: Measure['shownIn'][number]): readonly Measure[] {
  return Object.values(MEASURES).filter(({ shownIn }) => shownIn.includes(table));
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
