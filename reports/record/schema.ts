import Type, { type Static } from 'typebox';
import { FORMATS } from './format.ts';
import {
  BACKEND_NAMES,
  LAUNCHERS,
  PERSISTENCES,
  POPULARITIES,
  ROUTINGS,
  SCHEDULINGS,
} from './vocabulary.ts';

/**
 * The record: one saved run. All that reports and comparisons need, and nothing a program has to
 * guess: units stand in the names, `null` means "not known" or "no traffic", never zero.
 */

export const RECORD_SCHEMA = 'cache-lab/record';
export const RECORD_VERSION = 2;

const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
/** Workers, servers: a record may be foreign, and a page draws each of them. */
const Few = Type.Integer({ minimum: 1, maximum: 10_000 });
/** Part of file names, addresses and anchors, so nothing that means something there. */
const Name = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,60}$' });
const Id = Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,120}$' });
const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$',
});
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Share = Type.Number({ minimum: 0, maximum: 1 });

/** What the two ends of an estimate are. */
export const Interval = Type.Union([
  /** Every run gives the value itself. */
  Type.Object({ kind: Type.Literal('exact') }),
  /** Chance: this share of runs falls between the ends. */
  Type.Object({
    kind: Type.Literal('chance'),
    share: Type.Enum([0.95, 0.9999]),
    /** How it is known, e.g. `occupancy variance`. */
    how: Type.String(),
    /** The smallest difference that can be seen, e.g. 1 for a count; 0: any. */
    step: Type.Number({ minimum: 0 }),
  }),
  /** An allowance, with its reason; no probability is meant. */
  Type.Object({ kind: Type.Literal('tolerance'), reason: Type.String() }),
]);

/** A value that theory gives, with the interval in which a single run should fall. */
export const Estimate = Type.Object({
  value: Type.Number(),
  low: Type.Number(),
  high: Type.Number(),
  interval: Interval,
  /** Where the formula comes from, or what the model was fed with, for a reader who checks. */
  source: Type.String(),
  /** `formula`: theory. `model`: the exact model of the cache, its keys drawn anew. */
  by: Type.Enum(['formula', 'model']),
});

/** What theory expects of a worker, or of a phase. */
export const Expectation = Type.Object({ hitRate: Estimate, misses: Estimate });

/** A doubtful point about this run, with what to do about it. */
export const Warning = Type.Object({
  kind: Type.Enum([
    'fewer-connections-than-workers',
    'idle-worker',
    'requests-lost',
    'generator-saturated',
    'local-cache-with-several-workers',
    'expectation-missed',
    'replay-differs',
    'other',
  ]),
  arm: Nullable(Type.String()),
  message: Type.String(),
  remedy: Type.String(),
});

/** Latency as a histogram: `counts[i]` responses took at most `upToMicros[i]` (and more than the one before). */
export const Latency = Type.Object({
  count: Count,
  p50Micros: Nullable(Type.Number()),
  p90Micros: Nullable(Type.Number()),
  p99Micros: Nullable(Type.Number()),
  maxMicros: Nullable(Type.Number()),
  upToMicros: Type.Array(Type.Number()),
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
  duplicationFactor: Nullable(Type.Number()),
});

/** Counts per bin of the request index, one row per worker that answered. */
export const Bins = Type.Object({
  requestsPerBin: Type.Integer({ minimum: 1 }),
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

export const AuditCheck = Type.Object({
  /** What is compared, e.g. `hits`. */
  name: Type.String(),
  /** `null`: over all workers. */
  slot: Nullable(Few),
  /** What the clients saw. */
  seen: Type.Number(),
  /** What the workers counted (or what was sent). */
  counted: Type.Number(),
  holds: Type.Boolean(),
});

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
    /** 1: stored; 0: removed (culled, expired, deleted, or the worker was restarted). */
    held: Type.Array(Type.Integer({ minimum: 0, maximum: 1 })),
  }),
  /** From the control sockets, at the end: for each slot the indices of the keys it holds. */
  final: Type.Array(Type.Object({ slot: Count, keys: Type.Array(Count) })),
});

/** Something that happened to the fleet: a reload, a kill, an update. */
export const FleetEvent = Type.Object({
  atRequest: Count,
  atMillis: Type.Number(),
  slot: Nullable(Few),
  label: Type.String(),
});

export const Phase = Type.Object({
  name: Type.String(),
  durationMillis: Type.Number(),
  requestsPerSecond: Nullable(Type.Number()),
  /** The share of the offered rate that was kept; `null` or left out in a closed loop. */
  keptRate: Type.Optional(Nullable(Share)),
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

export const Arm = Type.Object({
  /** Unique in the record, e.g. `4 workers`. */
  name: Type.String(),
  workers: Few,
  /** The workers are divided evenly among so many servers behind a balancer. */
  servers: Few,
  launcher: Type.Enum(LAUNCHERS),
  /** How node:cluster hands out connections. */
  scheduling: Type.Enum(SCHEDULINGS),
  backend: Type.Enum(BACKEND_NAMES),
  /** Whether the service behind a shared backend writes down what it holds. */
  persistence: Type.Enum(PERSISTENCES),
  routing: Type.Enum(ROUTINGS),
  connections: Count,
  cache: Type.Object({
    maxEntries: Count,
    timeoutSeconds: Nullable(Type.Number()),
    cullFrequency: Count,
  }),
  workload: Type.Object({
    popularity: Type.Enum(POPULARITIES),
    zipf: Type.Number(),
    keys: Count,
    seed: Type.Integer(),
  }),
  /** `null`: closed loop, as fast as the answers come; else requests per second offered. */
  ratePerSecond: Nullable(Type.Number()),
  originDelayMillis: Type.Number(),
  /** 1 unless the scenario repeats its arms. */
  round: Few,
  /** From the launch until every worker answered. */
  startMillis: Type.Number(),
  phases: Type.Array(Phase),
  /** What only this scenario measures, by name; its verdict reads it from here. */
  observations: Type.Record(Type.String(), Type.Unknown()),
});

/** One thing the scenario held against theory. */
export const Finding = Type.Object({
  /** A claim of the course, e.g. `C4`; `null` for a check of the lab itself. */
  claim: Nullable(Type.String()),
  /** What was measured, in words. */
  what: Type.String(),
  /** What one of it is called in the plural, e.g. `misses`; a `share` is one of 0…1. */
  unit: Type.String(),
  /** `null`: only measured. */
  expected: Nullable(Estimate),
  measured: Nullable(Type.Number()),
  /** `null` where nothing is expected. */
  agrees: Nullable(Type.Boolean()),
});

export const Verdict = Type.Object({
  /** One sentence with its figures. */
  sentence: Type.String(),
  agreement: Type.Enum(['agrees', 'disagrees', 'not judged']),
  findings: Type.Array(Finding),
});

const Format = Type.Enum(FORMATS);
/** What an axis shows, and how its numbers are written: a share as `percent`, times as `micros`. */
const Axis = Type.Object({ label: Type.String(), format: Format });
/** `computed`: nothing stands beside a measurement, so it is drawn as the figure's own. */
const Role = Type.Enum(['measured', 'expected', 'computed']);
const exhibit = <K extends string, P extends Type.TProperties>(kind: K, properties: P) =>
  Type.Object({
    kind: Type.Literal(kind),
    /** Unique in the record; becomes the anchor. */
    id: Name,
    title: Type.String(),
    /** What to see in it; plain text. */
    caption: Type.String(),
    ...properties,
  });

/** A figure that a scenario brings along, beside those every report has. */
export const Exhibit = Type.Union([
  exhibit('lines', {
    x: Axis,
    y: Axis,
    series: Type.Array(
      Type.Object({
        name: Type.String(),
        role: Role,
        points: Type.Array(Type.Tuple([Type.Number(), Nullable(Type.Number())])),
      }),
    ),
    events: Type.Array(Type.Object({ x: Type.Number(), label: Type.String() })),
  }),
  exhibit('bars', {
    categories: Type.Array(Type.String()),
    y: Axis,
    series: Type.Array(
      Type.Object({
        name: Type.String(),
        role: Role,
        values: Type.Array(Nullable(Type.Number())),
      }),
    ),
  }),
  exhibit('strip', {
    /** One row per worker (or client), one cell per step. */
    rows: Type.Array(
      Type.Object({
        label: Type.String(),
        cells: Type.Array(
          Type.Object({
            /** What happened: good (it knew), bad (it did not), neutral, empty. */
            state: Type.Enum(['good', 'bad', 'neutral', 'empty']),
            /** Short text in the cell. */
            text: Type.String(),
            /** Longer text for the tooltip and the table. */
            detail: Type.String(),
          }),
        ),
      }),
    ),
    /** What a step is, e.g. `request`. */
    step: Type.String(),
    legend: Type.Object({
      good: Type.String(),
      bad: Type.String(),
      neutral: Type.String(),
      empty: Type.String(),
    }),
  }),
  exhibit('table', {
    columns: Type.Array(
      Type.Object({
        label: Type.String(),
        /** Of its numbers; `null`: text. */ format: Nullable(Format),
      }),
    ),
    rows: Type.Array(
      Type.Array(Type.Union([Type.String(), Type.Number(), Type.Null(), Type.Boolean()])),
    ),
  }),
]);

export const Environment = Type.Object({
  node: Type.String(),
  platform: Type.String(),
  arch: Type.String(),
  cpu: Type.String(),
  cores: Count,
  memoryBytes: Count,
  /** Versions of what matters to the measurement, by package name. */
  versions: Type.Record(Type.String(), Type.String()),
});

const OptionValue = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Null(),
  Type.Array(Type.Union([Type.String(), Type.Number()])),
]);

export const RunRecord = Type.Object({
  schema: Type.Literal(RECORD_SCHEMA),
  version: Type.Literal(RECORD_VERSION),
  /** `<when>-<scenario>`, also the folder's name. */
  id: Id,
  status: Type.Enum(['running', 'complete', 'interrupted', 'failed']),
  /** Why a run is not complete, for a person. */
  failure: Nullable(Type.String()),
  scenario: Type.Object({
    name: Name,
    question: Type.String(),
    claims: Type.Array(Type.String()),
    /** The lesson's Markdown, so that a report needs nothing but its record. */
    lesson: Type.String(),
  }),
  startedAt: Moment,
  durationMillis: Type.Number(),
  /** The command that repeats this run. */
  command: Type.String(),
  seed: Type.Integer(),
  options: Type.Record(Type.String(), OptionValue),
  environment: Environment,
  arms: Type.Array(Arm),
  verdict: Nullable(Verdict),
  exhibits: Type.Array(Exhibit),
  warnings: Type.Array(Warning),
});

/** A record without what was measured: enough to list it. */
export const RunHead = Type.Pick(RunRecord, [
  'schema',
  'version',
  'id',
  'status',
  'failure',
  'scenario',
  'startedAt',
  'durationMillis',
  'command',
  'verdict',
  'warnings',
]);

export type Interval = Static<typeof Interval>;
export type Estimate = Static<typeof Estimate>;
export type Expectation = Static<typeof Expectation>;
export type Warning = Static<typeof Warning>;
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
export type Arm = Static<typeof Arm>;
export type Finding = Static<typeof Finding>;
export type Verdict = Static<typeof Verdict>;
export type Exhibit = Static<typeof Exhibit>;
export type Environment = Static<typeof Environment>;
export type RunRecord = Static<typeof RunRecord>;
export type RunHead = Static<typeof RunHead>;
