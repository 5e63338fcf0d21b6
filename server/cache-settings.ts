import type { CacheSettings } from './cache/index.ts';
import type { WorkerSettings } from './protocol.ts';

/**
 * The caches of a worker by alias: the one under study, `default`, and one for each feature, under
 * its own name. Each has its entries to itself: in local memory by a location of its own, in a
 * service by a prefix of its own.
 */
export function cacheSettings(
  { backend, service, cache, features }: WorkerSettings,
  clock: () => number,
): Record<string, CacheSettings> {
  const shared = { backend, clock, ...cache };
  const place = (feature: string | null) => {
    if (!service) return feature === null ? {} : { location: feature };
    const { location, keyPrefix } = service;
    return { location, keyPrefix: feature === null ? keyPrefix : `${keyPrefix}-${feature}` };
  };
  return {
    default: { ...shared, ...place(null) },
    ...Object.fromEntries(features.map((name) => [name, { ...shared, ...place(name) }])),
  };
}
