import path from 'node:path';
import type { BackendName, GunicornClass, Scheduling } from '../reports/record/vocabulary.ts';
import type { CacheCounts } from './cache/stats.ts';

/*
 * All that outsiders may know of the server: how it is started, where it listens, what it says of
 * itself, and what its features promise. Whoever launches, drives or judges it imports this alone.
 */

// How it is started

/**
 * The environment variable by which a launcher tells its processes all they need: a {@link Launch}
 * as JSON. The slot of a worker under pm2 comes from pm2's own `NODE_APP_INSTANCE`. Started by hand
 * there is none of this: `PORT` and, for ecosystem.config.js, `CACHE_LAB_WORKERS` may be given.
 */
export const LAUNCH_VARIABLE = 'CACHE_LAB';

/** What a launcher hands over. */
export interface Launch {
  readonly workers: number;
  readonly settings: WorkerSettings;
  /** How node:cluster hands out connections. Default: round robin. */
  readonly scheduling?: Scheduling | undefined;
  /** How Gunicorn runs its workers, where it is the launcher. */
  readonly gunicorn?: GunicornSettings | undefined;
  /** Which of the workers this process or thread is, where the launcher says. */
  readonly slot?: number | undefined;
}

/** Gunicorn's own settings, as it names them. */
export interface GunicornSettings {
  readonly workerClass: GunicornClass;
  /** Of each worker; one where the class is `sync`. */
  readonly threads: number;
}

/** How a worker is to run; the same for every worker of a fleet. */
export interface WorkerSettings {
  /** Holds the sockets, the logs and the database of one run. */
  readonly runFolder: string;
  /** Slots that other servers of the fleet have, which come first in the count. Default 0. */
  readonly slotsBefore?: number | undefined;
  /** 0: any free port, the same for all workers of the fleet. */
  readonly port: number;
  readonly backend: BackendName;
  /** The service that a shared backend keeps its entries in; left out: the backend needs none. */
  readonly service?: ServiceAddress | undefined;
  readonly cache: {
    readonly maxEntries: number;
    /** Seconds; `null`: never. */
    readonly timeout: number | null;
    readonly cullFrequency: number;
  };
  /** The SQLite file. */
  readonly database: string;
  /** Users to generate when the database does not exist yet (started by hand). */
  readonly users: number;
  readonly originDelayMillis: number;
  /** Routes beyond `/users/:id`, by name. */
  readonly features: readonly string[];
  /** The lab that started this fleet; when it is gone, so is its fleet. `null`: started by hand. */
  readonly labPid: number | null;
  /** The lab's own folder, in which the run's is; who ends because the lab is gone removes it. */
  readonly labFolder?: string | undefined;
}

/** Where a shared backend finds its entries. */
export interface ServiceAddress {
  /** As the backend's option `location`. */
  readonly location: string;
  /** Begins every key of the fleet; nothing else in the service is touched. */
  readonly keyPrefix: string;
}

/** What a worker tells its launcher once it answers, and what it is told to end; pm2's own words. */
export const READY = 'ready';
export const SHUTDOWN = 'shutdown';

/** What the lab asks of the cluster's primary, and what it hears when all workers are new. */
export const RELOAD = 'reload';
export const RELOADED = 'reloaded';

/** What begins the keys of a feature's own cache in a service, or, without one, of the cache under study. */
export function featurePrefix(keyPrefix: string, feature?: string): string {
  return feature === undefined ? keyPrefix : `${keyPrefix}-${feature}`;
}

// Where it listens and leaves word

/** Where a worker's control socket is. The pid keeps an old and a new worker of one slot apart. */
export function controlSocketPath(runFolder: string, slot: number, pid: number): string {
  return path.join(runFolder, `control-${slot}-${pid}.sock`);
}

/** Whose control socket a file of that name is, or `null` for any other file. */
export function ownerOfControlSocket(fileName: string): WorkerIdentity | null {
  const [, slot, pid] = /^control-(\d+)-(\d+)\.sock$/.exec(fileName) ?? [];
  return pid === undefined ? null : { slot: Number(slot), pid: Number(pid) };
}

/** A worker's own address: the app again, reached by nobody but this worker. */
export function privateSocketPath(runFolder: string, slot: number, pid: number): string {
  return path.join(runFolder, `app-${slot}-${pid}.sock`);
}

/** Where a worker that could not start writes down why. */
export function bootFailurePath(runFolder: string, slot: number, pid: number): string {
  return path.join(runFolder, `failed-${slot}-${pid}.txt`);
}

// What it says of itself

/** The headers of a response that tell who answered, and what its cache did, in which order and when. */
export const HEADERS = {
  slot: 'x-worker',
  pid: 'x-worker-pid',
  /** RFC 9211. */
  cacheStatus: 'cache-status',
  /** `57;stored=58`: the numbers of the lookup, and of the store that followed a miss. */
  sequence: 'x-cache-sequence',
  /** The same two on the worker's clock, in seconds. */
  time: 'x-cache-time',
} as const;

/** Who answers: one process that runs the server, or one thread. */
export interface WorkerIdentity {
  /** 1…N; a worker that is replaced hands its slot to the next process. */
  readonly slot: number;
  readonly pid: number;
}

/** `GET /snapshot` on the control socket, with `?keys` for the keys; counted since the worker started. */
export interface WorkerSnapshot extends WorkerIdentity {
  readonly port: number;
  /** Client connections accepted on the shared address. */
  readonly connections: number;
  /** Requests to the studied routes, from the moment that they come. */
  readonly requests: number;
  readonly stats: CacheCounts;
  readonly originQueries: number;
  /** Entries held; `null` where the backend cannot say. */
  readonly entries: number | null;
  /** The keys held as the cache made them, least recently used first; `null` as above or if not asked for. */
  readonly keys: string[] | null;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
}

/** `POST /clear` on the control socket: where the clear stands in the order of what the cache saw. */
export interface ClearReply extends WorkerIdentity {
  readonly sequence: number;
  readonly atSeconds: number;
}

// What its routes promise

/** The page of a user. */
export function userPath(id: number): string {
  return `/users/${id}`;
}

/** The key under which a user's page is cached, as in the articles: `user_123`. */
export function userKey(id: number): string {
  return `user_${id}`;
}

/** `limited`: requests that one client may make. */
export const LIMIT = 20;

/** `counters`: the metric that `/metrics` offers for scraping. */
export const VISITS_METRIC = 'visits_total';

/** `hot-key`: how long the hot entry lives. */
export const HOT_TIMEOUT_SECONDS = 0.3;

/** `hot-key`: what a request came to: it `found` the entry, `loaded` it, or `waited` for who did. */
export type HotOutcome = 'found' | 'loaded' | 'waited';

/**
 * `locations`: the caches of a worker, by a name for each and with its LOCATION. The first pair
 * shares one, the second pair does not, and the last two were made without any settings.
 */
export const LOCATIONS = {
  'first my_cache': 'my_cache',
  'second my_cache': 'my_cache',
  'unique-snowflake': 'unique-snowflake',
  'another-snowflake': 'another-snowflake',
  'not configured': '',
  'not configured either': '',
} as const;

export type LocatedCache = keyof typeof LOCATIONS;

/** `documents`: what one worker's documents weigh. */
export interface DocumentsWeight {
  readonly entries: number;
  /** What the entries hold. */
  readonly contentBytes: number;
  /** After garbage was collected: what is really in use. */
  readonly heapUsedBytes: number;
  readonly rssBytes: number;
}
