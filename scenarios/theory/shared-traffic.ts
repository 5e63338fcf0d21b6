import { sum } from '../../reports/record/tally.ts';
import { around, asHitRate, exactly } from './estimate.ts';
import { type ExpectedTraffic, expectedTraffic, type TrafficOptions } from './expected-traffic.ts';

/**
 * What theory expects when all workers share one cache in a service: that cache sees every request
 * of the fleet, so it is {@link expectedTraffic} with a single worker that got them all. The
 * service is taken to have room for everything; entries may expire.
 *
 * A shared cache answers late. Lookups of one key that come while it is still being loaded all
 * miss, and by how many those are more depends on the speed of the machine. So they are counted and
 * added: of the misses that remain, each key has one while it is fresh.
 *
 * @param overlapping lookups that missed while their key was being loaded already
 */
export function expectedSharedTraffic(
  options: TrafficOptions,
  overlapping: number,
): ExpectedTraffic | null {
  const requests = sum(options.requestsPerWorker);
  const expected = expectedTraffic({
    ...options,
    requestsPerWorker: [requests],
    requestsBefore: [sum(options.requestsBefore ?? [])],
    cache: { ...options.cache, maxEntries: Number.POSITIVE_INFINITY },
  });
  if (!expected) return null;
  const { value, source } = expected.misses;
  const misses = {
    ...around(value + overlapping, expected.misses, requests),
    source: `one cache that sees all requests: ${source}; and ${overlapping} lookups that came while their key was being loaded (counted)`,
  };
  return { misses, hitRate: asHitRate(misses, requests) };
}

/** What a cache that keeps nothing must show: every lookup misses. */
export function expectedWithoutCache(requests: number): ExpectedTraffic | null {
  if (requests === 0) return null;
  const misses = exactly(requests, 'a cache that keeps nothing never hits');
  return { misses, hitRate: asHitRate(misses, requests) };
}
