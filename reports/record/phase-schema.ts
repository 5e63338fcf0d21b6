import Type, { type Static } from 'typebox';
import { Amount, Count, Few, Figure, Nullable, Share } from './bounds.ts';
import { Expectation } from './estimate-schema.ts';

/** Latency as a histogram: `counts[i]` responses took at most `upToMicros[i]` (and more than the one before). */
export const Latency = Type.Object({
  count: Count,
  p50Micros: Nullable(Amount),
  p90Micros: Nullable(Amount),
  p99Micros: Nullable(Amount),
  maxMicros: Nullable(Amount),
  upToMicros: Type.Array(Amount),
  counts: Type.Array(Count),
});

const Misses = Type.Object({ cold: Count, expired: Count, evicted: Count });

/** What one worker did in one phase. Requests and outcomes are the ledger's, the rest the worker's own. */
export const WorkerFigures = Type.Object({
  slot: Few,
  pid: Count,
  connections: Count,
  requests: Count,
  hits: Count,
  misses: Misses,
  /** Lookups that failed because the backend did. */
  errors: Count,
  hitRate: Nullable(Share),
  originQueries: Count,
  evictions: Count,
  culls: Count,
  /** At the end of the phase; `null` where a backend cannot say. */
  entries: Nullable(Count),
  rssBytes: Count,
  heapUsedBytes: Count,
  hitLatency: Latency,
  missLatency: Latency,
  /** What theory expects for the requests that this worker really got; left out where not computed. */
  expected: Type.Optional(Nullable(Expectation)),
});

/** All workers of a phase together. */
export const Totals = Type.Object({
  requests: Count,
  /** Responses that were not 2xx. */
  failures: Count,
  hits: Count,
  misses: Misses,
  errors: Count,
  /** Σ hits / Σ lookups over workers, never a mean of rates; `null` without lookups. */
  hitRate: Nullable(Share),
  originQueries: Count,
  /** Σ over workers. */
  entries: Nullable(Count),
  /** Distinct keys held by at least one worker. */
  uniqueEntries: Nullable(Count),
  /** entries / uniqueEntries: 1 (no overlap) … N. */
  duplicationFactor: Nullable(Amount),
});

/** Counts per bin of the request index, one row per worker that answered. */
export const Bins = Type.Object({
  requestsPerBin: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
  workers: Type.Array(
    Type.Object({
      slot: Few,
      requests: Type.Array(Count),
      hits: Type.Array(Count),
      cold: Type.Array(Count),
      expired: Type.Array(Count),
      evicted: Type.Array(Count),
    }),
  ),
});

/** One figure that clients and workers both know. */
export const AuditCheck = Type.Object({
  /** What is compared, e.g. `hits`. */
  name: Type.String(),
  /** `null`: over all workers. */
  slot: Nullable(Few),
  /** What the clients saw. */
  seen: Figure,
  /** What the workers counted (or what was sent). */
  counted: Figure,
  holds: Type.Boolean(),
});

/** Whether what the clients saw is what the workers counted; `clean`: every check holds. */
export const Audit = Type.Object({ clean: Type.Boolean(), checks: Type.Array(AuditCheck) });

/** What happened when the ledger ran through an exact model of the caches. */
export const Replay = Type.Object({
  responses: Count,
  identical: Count,
  firstDifference: Nullable(Type.String()),
  /** Misses on an entry that another worker held at that moment. */
  avoidableMisses: Nullable(Count),
  /** The same for each worker, by slot. */
  avoidableByWorker: Type.Array(Type.Object({ slot: Count, misses: Count })),
  /** Misses of the same traffic through one shared cache of N times the size. */
  sharedCacheMisses: Nullable(Count),
});

/** Every response of a short run, in the order the requests were sent; columns of equal length. */
export const Trace = Type.Object({
  /** Names of the keys that were asked for, the most popular first. */
  keys: Type.Array(Type.String()),
  /** Popularity of each of `keys`: its rank in the workload, from 1; 0: no key of the workload. */
  ranks: Type.Array(Count),
  /** Index into `keys`. */
  key: Type.Array(Count),
  slot: Type.Array(Count),
  /** Index into {@link OUTCOMES}. */
  outcome: Type.Array(Count),
  /** 1 where another worker held the entry at that moment; empty when not replayed. */
  avoidable: Type.Array(Type.Integer({ minimum: 0, maximum: 1 })),
});

/**
 * Which worker holds which key: changes over the phase (columns), and its end as the workers told
 * it. What a worker held already when the phase began is a change at 0.
 */
export const Residency = Type.Object({
  keys: Type.Array(Type.String()),
  slots: Type.Array(Few),
  changes: Type.Object({
    /** After how many requests. Ascending. */
    at: Type.Array(Count),
    slot: Type.Array(Count),
    /** Index into `keys`. */
    key: Type.Array(Count),
    /**
     * 1: stored; 0: removed (culled, deleted, found expired, or the worker was restarted); 2: held
     * still, but spoilt: its time was over, or its row was changed through another worker.
     */
    held: Type.Array(Type.Integer({ minimum: 0, maximum: 2 })),
  }),
  /** From the control sockets, at the end: for each slot the indices of the keys it holds. */
  final: Type.Array(Type.Object({ slot: Count, keys: Type.Array(Count) })),
});

/** Something that happened to the fleet: a reload, a kill, an update. */
export const FleetEvent = Type.Object({
  atRequest: Count,
  atMillis: Amount,
  slot: Nullable(Few),
  label: Type.String(),
});

/** One stretch of an arm, from one reading of the workers' counters to the next. */
export const Phase = Type.Object({
  name: Type.String(),
  durationMillis: Amount,
  requestsPerSecond: Nullable(Amount),
  /** The share of the offered rate that was kept; `null` or left out in a closed loop. */
  keptRate: Type.Optional(Nullable(Share)),
  /**
   * Whether a protocol chose every request and none was drawn from the workload, so that rates and
   * latencies are of no traffic; left out: they are.
   */
  protocol: Type.Optional(Type.Boolean()),
  workers: Type.Array(WorkerFigures),
  totals: Totals,
  bins: Bins,
  expected: Nullable(Expectation),
  audit: Audit,
  replay: Nullable(Replay),
  trace: Nullable(Trace),
  residency: Nullable(Residency),
  events: Type.Array(FleetEvent),
});

export type Latency = Static<typeof Latency>;
export type WorkerFigures = Static<typeof WorkerFigures>;
export type Totals = Static<typeof Totals>;
export type Bins = Static<typeof Bins>;
export type AuditCheck = Static<typeof AuditCheck>;
export type Audit = Static<typeof Audit>;
export type Replay = Static<typeof Replay>;
export type Trace = Static<typeof Trace>;
export type Residency = Static<typeof Residency>;
export type FleetEvent = Static<typeof FleetEvent>;
export type Phase = Static<typeof Phase>;
