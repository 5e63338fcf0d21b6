import type { FastifyPluginAsync } from 'fastify';
import type { FeatureParts } from '../parts.ts';

/** Routes beyond the users' pages. They send no Cache-Status: that header tells of the audited cache. */
type Feature = FastifyPluginAsync<FeatureParts>;

/**
 * The features by name; a worker loads and serves those that its settings name. A new one is a file
 * and a line here.
 */
const features: Readonly<Record<string, () => Promise<Feature>>> = {
  counters: async () => (await import('./counters.ts')).counterRoutes,
  documents: async () => (await import('./documents.ts')).documentRoutes,
  'hot-key': async () => (await import('./hot-key.ts')).hotKeyRoutes,
  limited: async () => (await import('./limited.ts')).limitedRoutes,
  locations: async () => (await import('./locations.ts')).locationRoutes,
  sessions: async () => (await import('./sessions.ts')).sessionRoutes,
};

/** @throws RangeError that lists the features there are, for a name that none of them has */
export async function featureOf(name: string): Promise<Feature> {
  if (Object.hasOwn(features, name)) return features[name]!();
  const known = Object.keys(features).join(', ');
  throw new RangeError(`There is no feature "${name}". Features: ${known}.`);
}
