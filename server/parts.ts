import type { Cache } from './cache/cache.ts';
import type { Journal } from './journal.ts';
import type { Origin } from './origin/database.ts';
import type { WorkerIdentity } from './protocol.ts';

/** What the server is built from. Everything that a test may want to replace comes from outside. */
export interface AppParts {
  readonly cache: Cache;
  readonly origin: Origin;
  readonly worker: WorkerIdentity;
  readonly journal: Journal;
  /** The features to serve beside the users' pages, by name, each with a cache of its own. */
  readonly features?: ReadonlyMap<string, FeatureParts> | undefined;
}

/**
 * What a feature's routes are built from. Its cache is its own, with a location of its own: what
 * the users' pages do to theirs is counted and audited, and must stay undisturbed. The same holds
 * for the origin.
 */
export interface FeatureParts extends Pick<AppParts, 'cache' | 'origin' | 'worker'> {
  /** One more cache in this worker's memory, at a LOCATION. */
  openLocal(location: string): Promise<Cache>;
}
