import { describe, expect, test } from 'vitest';
import { expectedTraffic, type TrafficOptions } from './expected-traffic.ts';
import { popularityShares } from './popularity.ts';
import { expectedSharedTraffic, expectedWithoutCache } from './shared-traffic.ts';

const shares = popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 200 });

function options(given: Partial<TrafficOptions> = {}): TrafficOptions {
  return {
    shares,
    popularity: 'zipf',
    requestsPerWorker: [900, 500, 400, 200],
    cache: { maxEntries: 10, timeoutSeconds: 300, cullFrequency: 3 },
    durationSeconds: 2,
    seed: 1,
    ...given,
  };
}

/** The same traffic to a single worker with room for everything. */
const alone = (given: Partial<TrafficOptions> = {}) =>
  expectedTraffic(
    options({
      requestsPerWorker: [2_000],
      cache: { maxEntries: 1_000_000, timeoutSeconds: 300, cullFrequency: 3 },
      ...given,
    }),
  )!;

describe('a cache that all workers share', () => {
  test('sees every request, as one worker with room for everything would', () => {
    const { misses, hitRate } = expectedSharedTraffic(options(), 0)!;
    const single = alone();
    expect({ ...misses, source: '' }).toEqual({ ...single.misses, source: '' });
    expect(hitRate).toMatchObject({ value: single.hitRate.value, low: single.hitRate.low });
  });

  test('goes on where the phase before ended', () => {
    const { misses } = expectedSharedTraffic(options({ requestsBefore: [100, 0, 30, 20] }), 0)!;
    expect(misses.value).toBe(alone({ requestsBefore: [150] }).misses.value);
    expect(misses.value).toBeLessThan(alone().misses.value);
  });

  test('does not depend on how requests were spread, nor on what a local cache may hold', () => {
    const even = expectedSharedTraffic(options({ requestsPerWorker: [500, 500, 500, 500] }), 3);
    const cache = { maxEntries: 1_000, timeoutSeconds: 300, cullFrequency: 3 };
    expect(expectedSharedTraffic(options(), 3)).toEqual(even);
    expect(expectedSharedTraffic(options({ cache }), 3)).toEqual(even);
  });

  test('adds the lookups that came while their key was being loaded, and says so', () => {
    const single = alone();
    const { misses, hitRate } = expectedSharedTraffic(options(), 40)!;
    expect(misses).toEqual({
      ...single.misses,
      value: single.misses.value + 40,
      low: single.misses.low + 40,
      high: single.misses.high + 40,
      source: `one cache that sees all requests: ${single.misses.source}; and 40 lookups that came while their key was being loaded (counted)`,
    });
    expect(hitRate).toEqual({
      ...misses,
      value: 1 - misses.value / 2_000,
      low: 1 - misses.high / 2_000,
      high: 1 - misses.low / 2_000,
      interval: { ...single.misses.interval, step: 1 / 2_000 },
    });
  });

  test('cannot miss more often than it was asked', () => {
    const { misses } = expectedSharedTraffic(options(), 1_990)!;
    expect([misses.low, misses.high]).toEqual([2_000, 2_000]);
  });

  test('expects nothing where nothing was asked', () => {
    expect(expectedSharedTraffic(options({ requestsPerWorker: [0, 0] }), 0)).toBeNull();
  });
});

test('without a cache every lookup misses', () => {
  const { misses, hitRate } = expectedWithoutCache(500)!;
  const exact = { interval: { kind: 'exact' }, by: 'formula' };
  const source = 'a cache that keeps nothing never hits';
  expect(misses).toEqual({ value: 500, low: 500, high: 500, ...exact, source });
  expect(hitRate).toEqual({ value: 0, low: 0, high: 0, ...exact, source });
  expect(expectedWithoutCache(0)).toBeNull();
});
