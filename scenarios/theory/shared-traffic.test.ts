import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { Ledger, type LedgerRow } from '../../lab/traffic/ledger.ts';
import { popularityShares } from '../../lab/traffic/workload.ts';
import type { TrafficOptions } from './expected-traffic.ts';
import { createKeySampler } from './key-sampler.ts';
import { isMiss } from './outcomes.ts';
import { expectedSharedTraffic, expectedWithoutCache, overlappingLoads } from './shared-traffic.ts';

const KEYS = 200;
const REQUESTS = 2_000;
const shares = popularityShares({ popularity: 'zipf', zipf: 0.8, keys: KEYS });

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

/**
 * A millisecond between requests; a miss takes `loadMillis`, and until then others miss as well.
 * With `caches` > 1 each request finds a random one of them: what a cache that is not shared does.
 */
function traffic(given: { seed: number; loadMillis: number; caches?: number }): Ledger {
  const draw = createKeySampler(shares, given.seed);
  const random = xoroshiro128plus(given.seed + 1);
  const storedAt = Array.from({ length: given.caches ?? 1 }, () => new Map<number, number>());
  const rows: LedgerRow[] = [];
  for (let sentMillis = 0; sentMillis < REQUESTS; sentMillis++) {
    const cache = storedAt[(random.next() >>> 0) % storedAt.length]!;
    const key = draw();
    const hit = (cache.get(key) ?? Number.POSITIVE_INFINITY) <= sentMillis;
    const tookMillis = hit ? 0.5 : given.loadMillis;
    if (!hit) cache.set(key, Math.min(cache.get(key) ?? Infinity, sentMillis + tookMillis));
    rows.push(row(key, hit, sentMillis, tookMillis));
  }
  return ledgerOf(rows);
}

function row(key: number, hit: boolean, sentMillis: number, tookMillis: number): LedgerRow {
  return {
    request: 0,
    key,
    status: 200,
    slot: 1,
    pid: 1,
    operation: 'read',
    outcome: hit ? 'hit' : 'cold',
    sequence: 0,
    storedSequence: 0,
    atSeconds: 0,
    storedAtSeconds: 0,
    latencyMicros: tookMillis * 1_000,
    arrivedMillis: sentMillis + tookMillis,
  };
}

function ledgerOf(rows: LedgerRow[]): Ledger {
  const ledger = new Ledger();
  for (const one of rows.sort((a, b) => a.arrivedMillis - b.arrivedMillis)) ledger.append(one);
  return ledger;
}

function missesOf(ledger: Ledger): number {
  return ledger.outcome.subarray(0, ledger.length).filter(isMiss).length;
}

describe('what to expect of a cache that all workers share', () => {
  test.each([0.5, 20])('holds in 95 of 100 runs when a load takes %d ms', (loadMillis) => {
    let inside = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const ledger = traffic({ seed, loadMillis });
      const { low, high } = expectedSharedTraffic(options(), ledger)!.misses;
      const misses = missesOf(ledger);
      if (misses >= low! && misses <= high!) inside++;
    }
    // 95 expected; four standard deviations below that is 86.
    expect(inside).toBeGreaterThanOrEqual(86);
  });

  test('is far from what four caches show, though loads overlap there too', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const ledger = traffic({ seed, loadMillis: 8, caches: 4 });
      const { value, high } = expectedSharedTraffic(options(), ledger)!.misses;
      expect(missesOf(ledger)).toBeGreaterThan(value + 4 * (high! - value));
    }
  });

  test('does not depend on how requests were spread, nor on what a local cache may hold', () => {
    const ledger = traffic({ seed: 3, loadMillis: 8 });
    const even = expectedSharedTraffic(
      options({ requestsPerWorker: [500, 500, 500, 500] }),
      ledger,
    );
    const large = { maxEntries: 1_000, timeoutSeconds: 300, cullFrequency: 3 };
    expect(expectedSharedTraffic(options(), ledger)).toEqual(even);
    expect(expectedSharedTraffic(options({ cache: large }), ledger)).toEqual(even);
  });

  test('says that it counted the overlapping loads, and how many', () => {
    const ledger = traffic({ seed: 3, loadMillis: 40 });
    const overlapping = overlappingLoads(ledger);
    expect(overlapping).toBeGreaterThan(0);
    expect(expectedSharedTraffic(options(), ledger)!.misses.source).toContain(
      `${overlapping} lookups`,
    );
  });

  test('is nothing where nothing was asked', () => {
    expect(expectedSharedTraffic(options({ requestsPerWorker: [0, 0] }), new Ledger())).toBeNull();
    expect(expectedWithoutCache(0)).toBeNull();
  });
});

describe('overlapping loads', () => {
  test('are misses sent before the first load of their key came back', () => {
    const ledger = ledgerOf([
      row(7, false, 0, 10),
      row(7, false, 3, 2), // overlaps, and is back first: from 5 ms on the key is there
      row(7, true, 6, 1),
      row(8, false, 4, 10), // another key
      row(7, false, 9, 5), // the key was lost: this counts
      row(7, false, 10, 5), // overlaps that one
    ]);
    expect(overlappingLoads(ledger)).toBe(2);
  });
});

test('without a cache every lookup misses', () => {
  const expected = expectedWithoutCache(500)!;
  expect(expected.misses).toMatchObject({ value: 500, low: 500, high: 500 });
  expect(expected.hitRate).toMatchObject({ value: 0 });
});
