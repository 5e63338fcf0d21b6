import path from 'node:path';
import { SETTINGS_VARIABLE } from '../../server/protocol.ts';
import type { FleetPlan } from './fleet.ts';

const COMPILE_CACHE = path.join(import.meta.dirname, '../../node_modules/.cache/cache-lab');

/** The environment in which a launcher starts its workers. */
export function workerEnvironment({ workers, settings, scheduling }: FleetPlan): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // The pinned Node comes first, for a launcher that looks it up.
    PATH: `${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH ?? ''}`,
    // Sixteen workers compile the same modules; from the second start on they find them compiled.
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    [SETTINGS_VARIABLE]: JSON.stringify(settings),
    CACHE_LAB_WORKERS: String(workers),
    CACHE_LAB_FOLDER: settings.runFolder,
    CACHE_LAB_SCHEDULING: scheduling ?? 'round-robin',
  };
}
