/**
 * The words that flags, arms, records and charts share, each in one place. A new launcher or backend
 * is its name here and a file of that name: `lab/fleet/launchers/`, `server/cache/backends/`.
 */

/** What a file says that is a record. */
export const RECORD_SCHEMA = 'cache-lab/record';
/** The only version that this lab reads; another shape of the record is another version. */
export const RECORD_VERSION = 2;

/** Launchers that a person may choose. */
export const CHOSEN_LAUNCHERS = ['cluster', 'pm2', 'gunicorn'] as const;
/** What starts the workers of an arm; what is not to be chosen belongs to a scenario. */
export const LAUNCHERS = [...CHOSEN_LAUNCHERS, 'threads'] as const;
export type LauncherName = (typeof LAUNCHERS)[number];

/** A program outside the workers that keeps entries for all of them. */
export const SERVICES = ['redis', 'memcached'] as const;
export type ServiceName = (typeof SERVICES)[number];

interface BackendFacts {
  /** Whether each worker has a cache of its own, all share one, or nothing is kept. */
  readonly caches: 'each' | 'one' | 'none';
  /** The service behind it; `null`: it needs none. */
  readonly service: ServiceName | null;
  /** In a file of the run's own that all workers share, which has the limits of local memory. */
  readonly file?: true;
  /** The launcher whose server has it, where the server in TypeScript has not. */
  readonly only?: LauncherName;
  /** The launcher whose server has it not. */
  readonly not?: LauncherName;
}

const BACKEND_FACTS = {
  dummy: { caches: 'none', service: null },
  file: { caches: 'one', service: null, file: true, only: 'gunicorn' },
  locmem: { caches: 'each', service: null },
  memcached: { caches: 'one', service: 'memcached' },
  redis: { caches: 'one', service: 'redis' },
  sqlite: { caches: 'one', service: null, file: true },
  tiered: { caches: 'one', service: 'redis', not: 'gunicorn' },
} as const satisfies Record<string, BackendFacts>;

/** Where a cache keeps its entries. */
export type BackendName = keyof typeof BACKEND_FACTS;
/** What has to be known of each. */
export const BACKENDS: Readonly<Record<BackendName, BackendFacts>> = BACKEND_FACTS;
/** All of them, in the order of the alphabet. */
export const BACKEND_NAMES = Object.keys(BACKEND_FACTS) as readonly BackendName[];

/** Those that the server in TypeScript has. */
export const OWN_BACKEND_NAMES = BACKEND_NAMES.filter((name) => !BACKENDS[name].only);

/** Whether the server that a launcher starts has such a backend. */
export function hasBackend(launcher: LauncherName, backend: BackendName): boolean {
  const { only = launcher, not } = BACKENDS[backend];
  return only === launcher && not !== launcher;
}

/** How a request finds a worker. */
export const ROUTINGS = ['keep-alive', 'fresh', 'by-key'] as const;
export type Routing = (typeof ROUTINGS)[number];

/** How often each key is asked for. */
export const POPULARITIES = ['zipf', 'uniform', 'cyclic'] as const;
export type Popularity = (typeof POPULARITIES)[number];

/** How connections are handed out: by the launcher in turn, or as the kernel likes. */
export const SCHEDULINGS = ['round-robin', 'none'] as const;
export type Scheduling = (typeof SCHEDULINGS)[number];

/** Who decides where a new connection goes unless an arm says otherwise. */
export function usualScheduling(launcher: LauncherName): Scheduling {
  return launcher === 'gunicorn' ? 'none' : 'round-robin';
}

/** What a worker of Gunicorn is: one request at a time and each over a new connection, or threads. */
export const GUNICORN_CLASSES = ['sync', 'gthread'] as const;
export type GunicornClass = (typeof GUNICORN_CLASSES)[number];

/** Whether a service writes down what it holds. */
export const PERSISTENCES = ['none', 'append-only file'] as const;
export type Persistence = (typeof PERSISTENCES)[number];

/** What a response says its cache did; ledgers and traces hold the index. */
export const OUTCOMES = ['hit', 'cold', 'expired', 'evicted', 'error', 'none'] as const;
export type Outcome = (typeof OUTCOMES)[number];
