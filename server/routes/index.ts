import type { FastifyPluginAsync } from 'fastify';
import type { FeatureParts } from '../parts.ts';
import { counterRoutes } from './counters.ts';
import { documentRoutes } from './documents.ts';
import { hotKeyRoutes } from './hot-key.ts';
import { limitedRoutes } from './limited.ts';
import { locationRoutes } from './locations.ts';
import { sessionRoutes } from './sessions.ts';

/** Routes beyond the users' pages. They send no Cache-Status: that header tells of the audited cache. */
type Feature = FastifyPluginAsync<FeatureParts>;

/** The features by name; a worker serves those that its settings name. A new one is a file and a line here. */
const features: Readonly<Record<string, Feature>> = {
  counters: counterRoutes,
  documents: documentRoutes,
  'hot-key': hotKeyRoutes,
  limited: limitedRoutes,
  locations: locationRoutes,
  sessions: sessionRoutes,
};

/** @throws RangeError that lists the features there are, for a name that none of them has */
export function featureOf(name: string): Feature {
  if (Object.hasOwn(features, name)) return features[name]!;
  const known = Object.keys(features).join(', ');
  throw new RangeError(`There is no feature "${name}". Features: ${known}.`);
}
