import type { FastifyPluginAsync } from 'fastify';
import type { Cache } from '../cache/cache.ts';
import type { WorkerIdentity } from '../identity.ts';
import type { Origin } from '../origin/database.ts';
import { counterRoutes } from './counters.ts';
import { documentRoutes } from './documents.ts';
import { hotKeyRoutes } from './hot-key.ts';
import { limitedRoutes } from './limited.ts';
import { locationRoutes } from './locations.ts';
import { sessionRoutes } from './sessions.ts';

/**
 * What a feature's routes are built from. Its cache is its own, with a location of its own: what
 * the users' pages do to theirs is counted and audited, and must stay undisturbed. The same holds
 * for the origin.
 */
export interface FeatureParts {
  readonly cache: Cache;
  readonly origin: Origin;
  readonly worker: WorkerIdentity;
}

/** Routes beyond the users' pages. They send no Cache-Status: that header tells of the audited cache. */
export type Feature = FastifyPluginAsync<FeatureParts>;

/** The features by name; a worker serves those that its settings name. A new one is a file and a line here. */
export const features: Readonly<Record<string, Feature>> = {
  counters: counterRoutes,
  documents: documentRoutes,
  'hot-key': hotKeyRoutes,
  limited: limitedRoutes,
  locations: locationRoutes,
  sessions: sessionRoutes,
};

/** The feature of that name. A RangeError lists those that there are. */
export function featureOf(name: string): Feature {
  const feature = features[name];
  if (feature) return feature;
  const known = Object.keys(features).join(', ');
  throw new RangeError(`There is no feature "${name}". Features: ${known}.`);
}
