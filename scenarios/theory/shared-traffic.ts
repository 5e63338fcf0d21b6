import type { Ledger } from '../../lab/traffic/ledger.ts';
import type { Estimate } from '../../reports/record/schema.ts';
import { type ExpectedTraffic, expectedTraffic, type TrafficOptions } from './expected-traffic.ts';
import { isMiss, READ } from './outcomes.ts';

/**
 * What theory expects when all workers share one cache in a service: that cache sees every request
 * of the fleet, so it is {@link expectedTraffic} with a single worker that got them all. The
 * service is taken to have room for everything; entries may expire.
 *
 * A shared cache answers late. Lookups of one key that come while it is still being loaded all
 * miss, and by how many those are more depends on the speed of the machine. So they are counted in
 * the ledger and added: of the misses that remain, each key has one while it is fresh.
 */
export function expectedSharedTraffic(
  options: TrafficOptions,
  ledger: Ledger,
): ExpectedTraffic | null {
  const requests = total(options.requestsPerWorker);
  const expected = expectedTraffic({
    ...options,
    requestsPerWorker: [requests],
    requestsBefore: [total(options.requestsBefore ?? [])],
    cache: { ...options.cache, maxEntries: Number.POSITIVE_INFINITY },
  });
  if (!expected) return null;
  const overlapping = overlappingLoads(ledger);
  const misses = shifted(expected.misses, overlapping, requests);
  return {
    misses,
    hitRate: {
      ...misses,
      value: 1 - misses.value / requests,
      low: 1 - misses.high! / requests,
      high: 1 - misses.low! / requests,
    },
  };
}

/** What a cache that keeps nothing must show: every lookup misses. */
export function expectedWithoutCache(requests: number): ExpectedTraffic | null {
  if (requests === 0) return null;
  const sure = { interval: 'every run', source: 'a cache that keeps nothing never hits' };
  return {
    misses: { value: requests, low: requests, high: requests, ...sure },
    hitRate: { value: 0, low: 0, high: 0, ...sure },
  };
}

/**
 * Misses of a key that was being loaded already: the request was sent before the response to an
 * earlier miss of that key had come. Whichever load comes back first ends that; a miss after it
 * means that the key was lost, and is not counted here.
 */
export function overlappingLoads(ledger: Ledger): number {
  const misses: { key: number; sentMillis: number; arrivedMillis: number }[] = [];
  for (let row = 0; row < ledger.length; row++) {
    if (ledger.operation[row] !== READ || !isMiss(ledger.outcome[row]!)) continue;
    const arrivedMillis = ledger.arrivedMillis[row]!;
    const sentMillis = arrivedMillis - ledger.latencyMicros[row]! / 1_000;
    misses.push({ key: ledger.key[row]!, sentMillis, arrivedMillis });
  }
  misses.sort((a, b) => a.sentMillis - b.sentMillis);
  const loadedAt = new Map<number, number>();
  let overlapping = 0;
  for (const { key, sentMillis, arrivedMillis } of misses) {
    const loaded = loadedAt.get(key);
    const overlaps = loaded !== undefined && sentMillis < loaded;
    if (overlaps) overlapping++;
    loadedAt.set(key, overlaps ? Math.min(loaded, arrivedMillis) : arrivedMillis);
  }
  return overlapping;
}

function shifted(estimate: Estimate, by: number, most: number): Estimate {
  const { value, low, high } = estimate;
  return {
    ...estimate,
    value: value + by,
    low: Math.min(most, (low ?? value) + by),
    high: Math.min(most, (high ?? value) + by),
    source: `one cache that sees all requests: ${estimate.source}; and ${by} lookups that came while their key was being loaded (counted)`,
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
