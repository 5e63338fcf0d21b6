import Type, { type Static } from 'typebox';
import { Amount, Count, Few, Figure, Id, Moment, Name, Nullable, Seed } from './bounds.ts';
import { Estimate } from './estimate-schema.ts';
import { Exhibit, Headline } from './exhibit-schema.ts';
import { Phase } from './phase-schema.ts';
import {
  BACKEND_NAMES,
  GUNICORN_CLASSES,
  LAUNCHERS,
  PERSISTENCES,
  POPULARITIES,
  RECORD_SCHEMA,
  RECORD_VERSION,
  ROUTINGS,
  SCHEDULINGS,
} from './vocabulary.ts';

export { Estimate, Expectation, Interval } from './estimate-schema.ts';
export { Exhibit, type ExhibitOf, Headline } from './exhibit-schema.ts';
export {
  Audit,
  AuditCheck,
  Bins,
  FleetEvent,
  Latency,
  Phase,
  Replay,
  Residency,
  Totals,
  Trace,
  WorkerFigures,
} from './phase-schema.ts';

/** A doubtful point about this run, with what to do about it. */
export const Warning = Type.Object({
  kind: Type.Enum([
    'fewer-connections-than-workers',
    'idle-worker',
    'requests-lost',
    'lookups-failed',
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

/** One of the configurations that a run compares, with all that was measured of it. */
export const Arm = Type.Object({
  /** Unique in the record, e.g. `4 workers`. */
  name: Type.String(),
  workers: Few,
  /** The workers are divided evenly among so many servers behind a balancer. */
  servers: Few,
  launcher: Type.Enum(LAUNCHERS),
  /** How connections are handed out. */
  scheduling: Type.Enum(SCHEDULINGS),
  /** How Gunicorn ran, where it was the launcher. */
  gunicorn: Type.Optional(Type.Object({ workerClass: Type.Enum(GUNICORN_CLASSES), threads: Few })),
  backend: Type.Enum(BACKEND_NAMES),
  /** Whether the service behind a shared backend writes down what it holds. */
  persistence: Type.Enum(PERSISTENCES),
  routing: Type.Enum(ROUTINGS),
  connections: Count,
  cache: Type.Object({
    maxEntries: Count,
    timeoutSeconds: Nullable(Amount),
    cullFrequency: Count,
  }),
  workload: Type.Object({
    popularity: Type.Enum(POPULARITIES),
    zipf: Amount,
    keys: Count,
    seed: Seed,
  }),
  /** `null`: closed loop, as fast as the answers come; else requests per second offered. */
  ratePerSecond: Nullable(Amount),
  originDelayMillis: Amount,
  /** 1 unless the scenario repeats its arms. */
  round: Few,
  /** From the launch until every worker answered. */
  startMillis: Amount,
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
  measured: Nullable(Figure),
  /** `null` where nothing is expected. */
  agrees: Nullable(Type.Boolean()),
});

/** What the run says about its question. `not judged`: theory has no figure for it. */
export const Verdict = Type.Object({
  /** One sentence with its figures. */
  sentence: Type.String(),
  agreement: Type.Enum(['agrees', 'disagrees', 'not judged']),
  /** Left out or `null`: the sentence alone tells it. */
  headline: Type.Optional(Nullable(Headline)),
  findings: Type.Array(Finding),
});

/** The machine that it ran on. */
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
  Figure,
  Type.Boolean(),
  Type.Null(),
  Type.Array(Type.Union([Type.String(), Figure])),
]);

/**
 * The record: one saved run. All that reports and comparisons need, and nothing a program has to
 * guess: units stand in the names, `null` means "not known" or "no traffic", never zero.
 */
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
  durationMillis: Amount,
  /** The command that repeats this run. */
  command: Type.String(),
  seed: Seed,
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

export type Warning = Static<typeof Warning>;
export type Arm = Static<typeof Arm>;
export type Finding = Static<typeof Finding>;
export type Verdict = Static<typeof Verdict>;
export type Environment = Static<typeof Environment>;
export type RunRecord = Static<typeof RunRecord>;
export type RunHead = Static<typeof RunHead>;
