import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, test } from 'vitest';
import { createKeySampler } from '../../scenarios/theory/key-sampler.ts';
import { isMiss } from '../../scenarios/theory/outcomes.ts';
import { popularityShares } from '../../scenarios/theory/popularity.ts';
import { expectedSharedTraffic } from '../../scenarios/theory/shared-traffic.ts';
import { Ledger, type LedgerRow } from '../traffic/ledger.ts';
import { ledgerOf } from './fixtures/rows.ts';
import { overlappingLoads } from './overlapping-loads.ts';

const KEYS = 200;
const REQUESTS = 2_000;
const shares = popularityShares({ popularity: 'zipf', zipf: 0.8, keys: KEYS });

/** What theory expects of a cache that all workers share, from what the ledger tells of overlaps. */
function expectedMisses(ledger: Ledger) {
  const traffic = {
    shares,
    popularity: 'zipf',
    requestsPerWorker: [900, 500, 400, 200],
    cache: { maxEntries: 10, timeoutSeconds: 300, cullFrequency: 3 },
    durationSeconds: 2,
    seed: 1,
  } as const;
  return expectedSharedTraffic(traffic, overlappingLoads(ledger))!.misses;
}

/**
 * A millisecond between requests; a miss takes `loadMillis`, and until then others miss as well.
 * With `caches` > 1 each request finds a random one of them: what a cache that is not shared does.
 */
function traffic(given: { seed: number; loadMillis: number; caches?: number }): Ledger {
  const draw = createKeySampler(shares, given.seed);
  const random = xoroshiro128plus(given.seed + 1);
  const storedAt = Array.from({ length: given.caches ?? 1 }, () => new Map<number, number>());
  const answers: Answer[] = [];
  for (let sentMillis = 0; sentMillis < REQUESTS; sentMillis++) {
    const cache = storedAt[(random.next() >>> 0) % storedAt.length]!;
    const key = draw();
    const hit = (cache.get(key) ?? Number.POSITIVE_INFINITY) <= sentMillis;
    const tookMillis = hit ? 0.5 : given.loadMillis;
    if (!hit) cache.set(key, Math.min(cache.get(key) ?? Infinity, sentMillis + tookMillis));
    answers.push(answer(key, hit, sentMillis, tookMillis));
  }
  return arrived(answers);
}

function answer(key: number, hit: boolean, sentMillis: number, tookMillis: number): Answer {
  const outcome = hit ? 'hit' : 'cold';
  return {
    ...{ key, outcome, latencyMicros: tookMillis * 1_000 },
    arrivedMillis: sentMillis + tookMillis,
  };
}

type Answer = Pick<LedgerRow, 'key' | 'outcome' | 'latencyMicros' | 'arrivedMillis'>;

/** In the order in which they arrived. */
function arrived(answers: Answer[]): Ledger {
  return ledgerOf(...answers.toSorted((a, b) => a.arrivedMillis - b.arrivedMillis));
}

function missesOf(ledger: Ledger): number {
  return ledger.outcome.subarray(0, ledger.length).filter(isMiss).length;
}

describe('counted, they make what to expect of a shared cache right: it', () => {
  test.each([0.5, 20])('holds in 95 of 100 runs: %d ms a load', { tags: 'slow' }, (loadMillis) => {
    let inside = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const ledger = traffic({ seed, loadMillis });
      const { low, high } = expectedMisses(ledger);
      const misses = missesOf(ledger);
      if (misses >= low && misses <= high) inside++;
    }
    // 95 expected; four standard deviations below that is 86.
    expect(inside).toBeGreaterThanOrEqual(86);
  });

  test('is far from what four caches show, though loads overlap there too', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const ledger = traffic({ seed, loadMillis: 8, caches: 4 });
      const { value, high } = expectedMisses(ledger);
      expect(missesOf(ledger)).toBeGreaterThan(value + 4 * (high - value));
    }
  });
});

describe('overlapping loads', () => {
  test('are misses sent before the first load of their key came back', () => {
    const ledger = arrived([
      answer(7, false, 0, 10),
      answer(7, false, 3, 2), // overlaps, and is back first: from 5 ms on the key is there
      answer(7, true, 6, 1),
      answer(8, false, 4, 10), // another key
      answer(7, false, 9, 5), // the key was lost: this counts
      answer(7, false, 10, 5), // overlaps that one
    ]);
    expect(overlappingLoads(ledger)).toBe(2);
  });

  test('end when the first of them is back, at that very moment', () => {
    const until = (sentMillis: number) =>
      overlappingLoads(arrived([answer(7, false, 0, 10), answer(7, false, sentMillis, 20)]));
    expect([until(9.999), until(10)]).toEqual([1, 0]);
    // The second is back later than the first, and does not make it end later.
    const third = arrived([
      answer(7, false, 0, 10),
      answer(7, false, 1, 20),
      answer(7, false, 12, 1),
    ]);
    expect(overlappingLoads(third)).toBe(1);
  });

  test('are reads that missed, whatever the reason, and no others', () => {
    const second = (given: Partial<LedgerRow>) =>
      overlappingLoads(ledgerOf(answer(7, false, 0, 10), { ...answer(7, false, 1, 5), ...given }));
    expect(second({ outcome: 'expired' })).toBe(1);
    expect(second({ outcome: 'evicted' })).toBe(1);
    expect(second({ outcome: 'error' })).toBe(0);
    expect(second({ operation: 'other' })).toBe(0);
    expect(overlappingLoads(new Ledger())).toBe(0);
  });
});
