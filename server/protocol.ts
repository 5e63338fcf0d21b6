import { mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** How a worker is to run; the same for every worker of a fleet. */
export interface WorkerSettings {
  /** Holds the sockets, the logs and the database of one run. */
  readonly runFolder: string;
  /** Slots that other servers of the fleet have, which come first in the count. Default 0. */
  readonly slotsBefore?: number | undefined;
  /** 0: any free port, the same for all workers of the fleet. */
  readonly port: number;
  readonly backend: string;
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
}

/** Where a shared backend finds its entries. */
export interface ServiceAddress {
  /** As the backend's option `location`. */
  readonly location: string;
  /** Begins every key of the fleet; nothing else in the service is touched. */
  readonly keyPrefix: string;
}

/** The one environment variable that a launcher hands to its workers, as JSON. */
export const SETTINGS_VARIABLE = 'CACHE_LAB_WORKER';

/** What the launcher handed over, or, for a server started by hand, Django's defaults on port 3000. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): WorkerSettings {
  const handed = env[SETTINGS_VARIABLE];
  if (handed !== undefined) return JSON.parse(handed) as WorkerSettings;
  const runFolder = path.join(tmpdir(), 'cache-lab-by-hand');
  mkdirSync(runFolder, { recursive: true, mode: 0o700 });
  return {
    runFolder,
    port: Number(env.PORT ?? 3000),
    backend: 'locmem',
    cache: { maxEntries: 300, timeout: 300, cullFrequency: 3 },
    database: path.join(runFolder, 'origin.sqlite'),
    users: 1000,
    originDelayMillis: 0,
    features: [],
    labPid: null,
  };
}

/** Where a worker's control socket is. The pid keeps an old and a new worker of one slot apart. */
export function controlSocketPath(runFolder: string, slot: number, pid: number): string {
  return path.join(runFolder, `control-${slot}-${pid}.sock`);
}

/** A worker's own address: the app again, reached by nobody but this worker. */
export function privateSocketPath(runFolder: string, slot: number, pid: number): string {
  return path.join(runFolder, `app-${slot}-${pid}.sock`);
}

/** Where a worker that could not start writes down why. */
export function bootFailurePath(runFolder: string, slot: number, pid: number): string {
  return path.join(runFolder, `failed-${slot}-${pid}.txt`);
}
