import type { Format } from './format.ts';
import { quantileOf } from './latency-bars.ts';
import type { Estimate, Expectation, Phase, WorkerFigures } from './schema.ts';
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
}

/** A measure but for its name; left out, its format is a count and neither is better. */
type Declared = Pick<Measure, 'label' | 'axis' | 'of' | 'ofWorker' | 'expected'> &
  Partial<Pick<Measure, 'format' | 'better'>>;

/** What phases sum up in their totals and each worker has for itself. */
function total(id: 'requests' | 'hits' | 'errors' | 'originQueries' | 'entries') {
  return { of: ({ totals }: Phase) => totals[id], ofWorker: (one: WorkerFigures) => one[id] };
}

/** Misses of one reason. */
function reason(id: 'cold' | 'expired' | 'evicted'): Declared {
  return {
    label: `${id} misses`,
    better: 'lower',
    of: ({ totals }) => totals.misses[id],
    ofWorker: ({ misses }) => misses[id],
  };
}

/** What each worker counts for itself; of a fleet it is the sum. */
function summed(id: 'connections' | 'evictions' | 'culls' | 'rssBytes' | 'heapUsedBytes') {
  return {
    of: ({ workers }: Phase) => sum(workers.map((worker) => worker[id])),
    ofWorker: (worker: WorkerFigures) => worker[id],
  };
}

/** The median of the latencies of hits or of misses, or what 99 % of them stay within. */
function latency(of: 'hitLatency' | 'missLatency', percentile: 50 | 99, label: string): Declared {
  return {
    label,
    format: 'micros',
    better: 'lower',
    of: ({ workers }) =>
      quantileOf(
        workers.map((worker) => worker[of]),
        percentile / 100,
      ),
    ofWorker: (worker) => worker[of][`p${percentile}Micros`],
  };
}

/** A new one is an entry here. */
const DECLARED = {
  connections: { label: 'connections', axis: 'connections accepted', ...summed('connections') },
  requests: { label: 'requests', axis: 'requests answered', ...total('requests') },
  lookups: { label: 'lookups', of: ({ totals }) => lookupsOf(totals), ofWorker: lookupsOf },
  hits: { label: 'hits', ...total('hits') },
  misses: {
    label: 'misses',
    axis: 'misses (lookups)',
    better: 'lower',
    of: ({ totals }) => (totals.hitRate === null ? null : missesOf(totals)),
    ofWorker: missesOf,
    expected: ({ expected }) => expected?.misses ?? null,
  },
  cold: reason('cold'),
  expired: reason('expired'),
  evicted: reason('evicted'),
  errors: { label: 'failed lookups', better: 'lower', ...total('errors') },
  failures: {
    label: 'responses that were not 2xx',
    better: 'lower',
    of: ({ totals }) => totals.failures,
  },
  hitRate: {
    label: 'hit rate',
    axis: 'hit rate (% of lookups)',
    format: 'percent',
    better: 'higher',
    of: ({ totals }) => totals.hitRate,
    ofWorker: ({ hitRate }) => hitRate,
    expected: ({ expected }) => expected?.hitRate ?? null,
  },
  originQueries: { label: 'origin queries', better: 'lower', ...total('originQueries') },
  evictions: { label: 'evictions', ...summed('evictions') },
  culls: { label: 'culls', ...summed('culls') },
  entries: { label: 'entries', ...total('entries') },
  uniqueEntries: { label: 'unique entries', of: ({ totals }) => totals.uniqueEntries },
  duplicationFactor: {
    label: 'duplication factor',
    format: 'number',
    of: ({ totals }) => totals.duplicationFactor,
  },
  avoidableMisses: {
    label: 'avoidable misses',
    better: 'lower',
    of: ({ replay }) => replay?.avoidableMisses ?? null,
  },
  sharedCacheMisses: {
    label: 'misses of one shared cache',
    better: 'lower',
    of: ({ replay }) => replay?.sharedCacheMisses ?? null,
  },
  durationMillis: {
    label: 'duration, ms',
    format: 'number',
    of: ({ durationMillis }) => durationMillis,
  },
  requestsPerSecond: {
    label: 'requests/s',
    better: 'higher',
    of: ({ requestsPerSecond }) => requestsPerSecond,
  },
  hitP50Micros: latency('hitLatency', 50, 'hit, median'),
  hitP99Micros: latency('hitLatency', 99, 'hit, 99 % within'),
  missP50Micros: latency('missLatency', 50, 'miss, median'),
  missP99Micros: latency('missLatency', 99, 'miss, 99 % within'),
  rssBytes: { label: 'memory', format: 'bytes', better: 'lower', ...summed('rssBytes') },
  heapUsedBytes: { label: 'heap', format: 'bytes', better: 'lower', ...summed('heapUsedBytes') },
} satisfies Record<string, Declared>;

export type MeasureId = keyof typeof DECLARED;

/** All measures by their names, in the order of the tables. */
export const MEASURES = Object.fromEntries(
  Object.entries<Declared>(DECLARED).map(([id, declared]) => [
    id,
    { id, format: 'count', better: null, ...declared },
  ]),
) as Readonly<Record<MeasureId, Measure>>;

const { connections, requests, hits, misses, hitRate, originQueries, entries } = MEASURES;
const { duplicationFactor, requestsPerSecond, rssBytes } = MEASURES;

/** What tables with little room have; JSON and CSV have all measures. */
export const SHOWN = {
  terminal: [connections, requests, hits, misses, hitRate, entries, rssBytes],
  markdown: [
    ...[requests, misses, hitRate, originQueries, entries, duplicationFactor, requestsPerSecond],
  ],
  compare: [
    ...[misses, hitRate, originQueries, entries, duplicationFactor, requestsPerSecond],
    ...[MEASURES.hitP50Micros, MEASURES.hitP99Micros, MEASURES.missP50Micros, rssBytes],
  ],
} as const satisfies Record<string, readonly Measure[]>;

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
