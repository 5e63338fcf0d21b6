import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import type { CacheLimits } from './cache-limits.ts';
import { createKeySampler } from './key-sampler.ts';
import { ModelCache } from './model-cache.ts';
import { COLD, EVICTED, EXPIRED, HIT } from './outcomes.ts';
import { popularityShares } from './popularity.ts';
import { RecencyStack } from './recency-stack.ts';
import { groupShares } from './share-groups.ts';
import { fromColdStart, steadyState } from './steady-state.ts';

const SHARES = popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 2000 });
const GROUPS = groupShares(SHARES);
const UNBOUNDED = { maxEntries: 1_000_000, timeoutSeconds: null, cullFrequency: 3 };
const LRU_300 = { maxEntries: 300, timeoutSeconds: null, cullFrequency: 3, policy: 'lru' } as const;

/** Points of hit rate of one of N workers that share 100 requests a second evenly. */
function steadyPoints(limits: CacheLimits, workers = 1): number {
  const requestsPerSecond = 100 / workers;
  return 100 * steadyState({ groups: GROUPS, requestsPerSecond, limits }).hits;
}

/** Random arrival times: exponential gaps. */
function poissonClock(requestsPerSecond: number, seed: number): () => number {
  const random = xoroshiro128plus(seed);
  let now = 0;
  return () => {
    now -= Math.log1p(-uniformFloat64(random)) / requestsPerSecond;
    return now;
  };
}

describe('the steady state', () => {
  it.each([1, 4, 16])(
    'of a strict LRU of 300 entries is 47.8 %, whoever shares it (N = %i)',
    (n) => {
      expect(Math.abs(steadyPoints(LRU_300, n) - 47.8)).toBeLessThan(0.1);
    },
  );

  it.each([1, 4])("of Django's cull of a third is 44.2 % for N = %i", (n) => {
    expect(Math.abs(steadyPoints({ ...LRU_300, policy: 'django' }, n) - 44.2)).toBeLessThan(0.1);
  });

  it('of a quarter of the memory is 24.7 %, of one cache of 1,200 entries 83.4 %', () => {
    expect(Math.abs(steadyPoints({ ...LRU_300, maxEntries: 75 }, 4) - 24.7)).toBeLessThan(0.1);
    expect(Math.abs(steadyPoints({ ...LRU_300, maxEntries: 1200 }) - 83.4)).toBeLessThan(0.1);
  });

  it.each([
    [1, 70.2],
    [2, 59.3],
    [4, 48.4],
    [8, 38.2],
    [16, 29.0],
  ])('with a timeout of 30 s and %i workers hits %d percent', (workers, percent) => {
    const limits = { ...UNBOUNDED, timeoutSeconds: 30 };
    expect(Math.abs(steadyPoints(limits, workers) - percent)).toBeLessThan(0.1);
  });

  it('hits always when all keys fit and nothing expires', () => {
    expect(steadyState({ groups: GROUPS, requestsPerSecond: 1, limits: UNBOUNDED })).toMatchObject({
      hits: expect.closeTo(1, 9),
      expired: 0,
      evicted: 0,
    });
  });

  it('never hits when entries are stored expired', () => {
    const limits = { ...UNBOUNDED, timeoutSeconds: 0 };
    const fates = steadyState({ groups: GROUPS, requestsPerSecond: 1, limits });
    expect(fates.hits).toBe(0);
    expect(fates.expired).toBeCloseTo(1, 9);
  });

  it.each([
    { maxEntries: 300, timeoutSeconds: 10, cullFrequency: 3, policy: 'lru' as const },
    { maxEntries: 300, timeoutSeconds: 20, cullFrequency: 3 },
    { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 },
    { maxEntries: 300, timeoutSeconds: 60, cullFrequency: 2 },
    { maxEntries: 300, timeoutSeconds: null, cullFrequency: 0 },
    { maxEntries: 300, timeoutSeconds: null, cullFrequency: 10 },
  ])('is what the exact model settles into: %o', { tags: 'slow' }, (limits) => {
    const requests = 2_000_000;
    const seen = [0, 0, 0, 0];
    const cache = new ModelCache(limits);
    const draw = createKeySampler(SHARES, 11);
    const clock = poissonClock(100, 12);
    for (let i = 0; i < requests; i++) {
      const outcome = cache.request(draw(), clock());
      if (i >= requests / 4) seen[outcome]!++;
    }
    const points = (outcome: number) => (100 * seen[outcome]!) / (requests * 0.75);
    const fates = steadyState({ groups: GROUPS, requestsPerSecond: 100, limits });
    expect(Math.abs(100 * fates.hits - points(HIT))).toBeLessThan(0.2);
    expect(Math.abs(100 * fates.expired - points(EXPIRED))).toBeLessThan(0.2);
    expect(Math.abs(100 * fates.evicted - points(EVICTED) - points(COLD))).toBeLessThan(0.2);
  });
});

describe('the steady state, where single keys and whole culls count', () => {
  const zipf = popularityShares({ popularity: 'zipf', zipf: 1.1, keys: 500 });
  const uniform = popularityShares({ popularity: 'uniform', zipf: 0, keys: 1_000 });

  it.each([
    ['a cull of all, with a timeout', uniform, 0, 20, [600, 900]],
    ['a cull of all, with a timeout, some keys popular', zipf, 1, 20, [100, 300]],
    ['a cull of a half, with a timeout as long as entries stay', uniform, 2, 20, [600, 900]],
    ['a cull of a third, with a timeout, nearly all keys held', uniform, 3, 60, [900]],
    ['hardly any entries', zipf, 3, null, [3, 10]],
    ['hardly any entries, all dropped at once', zipf, 0, null, [3, 10]],
  ] as const)(
    'is what the exact model settles into: %s',
    { tags: 'slow' },
    (_, shares, cullFrequency, timeoutSeconds, sizes) => {
      const limits = { timeoutSeconds, cullFrequency };
      const requests = 1_000_000;
      const draw = createKeySampler(shares, 11);
      const clock = poissonClock(100, 12);
      const stack = new RecencyStack({ sizes, limits });
      stack.requestAll(
        Uint32Array.from({ length: requests }, draw),
        Float64Array.from({ length: requests }, clock),
      );
      for (const [i, maxEntries] of sizes.entries()) {
        const { hits } = steadyState({
          ...{ groups: groupShares(shares), requestsPerSecond: 100 },
          limits: { ...limits, maxEntries },
        });
        const simulated = 1 - stack.misses[i]! / requests;
        expect(Math.abs(100 * (hits - simulated)), `${maxEntries} entries`).toBeLessThan(0.3);
      }
    },
  );
});

describe('the first seconds of an empty worker', () => {
  it.each([
    [{ ...LRU_300 }, 20, 0.3],
    [{ ...LRU_300, policy: 'django' as const }, 20, 0.3],
    [{ ...UNBOUNDED, timeoutSeconds: 30 }, 100, 0.3],
    [{ ...LRU_300, policy: 'django' as const, timeoutSeconds: 20 }, 100, 0.4],
    [{ ...LRU_300, policy: 'django' as const, timeoutSeconds: 40 }, 50, 0.4],
  ])(
    'split into cold, expired and evicted as the exact model does: %o for %i s',
    { tags: 'slow' },
    (limits, seconds, points) => {
      const runs = 60;
      const seen = [0, 0, 0, 0];
      for (let run = 0; run < runs; run++) {
        const cache = new ModelCache(limits);
        const draw = createKeySampler(SHARES, 100 + run);
        const clock = poissonClock(100, 500 + run);
        for (let now = clock(); now < seconds; now = clock()) seen[cache.request(draw(), now)]!++;
      }
      const total = seen.reduce((a, b) => a + b, 0);
      const fates = fromColdStart({ groups: GROUPS, requestsPerSecond: 100, limits }, seconds);
      const expected = [fates.hits, fates.cold, fates.expired, fates.evicted];
      [HIT, COLD, EXPIRED, EVICTED].forEach((outcome, i) => {
        const difference = (100 * seen[outcome]!) / total - (100 * expected[i]!) / (100 * seconds);
        expect(Math.abs(difference), `outcome ${outcome}`).toBeLessThan(points);
      });
    },
  );
});

describe('a popularity in groups', () => {
  it('gives the same as every key for itself', { tags: 'slow' }, () => {
    const shares = popularityShares({ popularity: 'zipf', zipf: 0.9, keys: 50_000 });
    const every = { share: shares, keys: new Float64Array(shares.length).fill(1) };
    const limits = { maxEntries: 3000, timeoutSeconds: null, cullFrequency: 3 };
    const traffic = { requestsPerSecond: 100, limits };
    const grouped = steadyState({ ...traffic, groups: groupShares(shares) });
    expect(grouped.hits).toBeCloseTo(steadyState({ ...traffic, groups: every }).hits, 5);
  });
});

describe('one key in seconds that can be counted', () => {
  /** A key that is asked for 0.7 times a second, alone or beside one that is asked as often. */
  const rate = 0.7;
  const alone = { share: Float64Array.of(1), keys: Float64Array.of(1) };
  const timeoutOnly = (timeoutSeconds: number | null, seconds: number) =>
    fromColdStart(
      { groups: alone, requestsPerSecond: rate, limits: { ...UNBOUNDED, timeoutSeconds } },
      seconds,
    );
  /** P(at least n of a Poisson variable). */
  const atLeast = (n: number, mean: number) => {
    let term = Math.exp(-mean);
    let below = 0;
    for (let i = 0; i < n; i++, term *= mean / i) below += term;
    return 1 - below;
  };

  it('is loaded once while nothing expires', () => {
    for (const timeout of [null, 10]) {
      const { hits, cold, expired, evicted } = timeoutOnly(timeout, 5);
      expect(cold).toBeCloseTo(1 - Math.exp(-rate * 5), 12);
      expect(hits).toBeCloseTo(rate * 5 - cold, 12);
      expect([expired, evicted]).toEqual([expect.closeTo(0, 12), 0]);
    }
  });

  it('is loaded again when so many requests came after each timeout', () => {
    const { cold, expired } = timeoutOnly(2, 5);
    const stores = atLeast(1, rate * 5) + atLeast(2, rate * 3) + atLeast(3, rate * 1);
    expect(cold + expired).toBeCloseTo(stores, 12);
    // At the very end of a timeout no more can have come.
    const even = timeoutOnly(2.5, 5);
    expect(even.cold + even.expired).toBeCloseTo(atLeast(1, rate * 5) + atLeast(2, rate * 2.5), 12);
  });

  it('is loaded each time where entries are stored expired', () => {
    for (const timeout of [0, -1]) {
      const { hits, cold, expired } = timeoutOnly(timeout, 5);
      expect(cold + expired).toBeCloseTo(rate * 5, 12);
      expect(hits).toBeCloseTo(0, 12);
    }
  });

  it('is loaded as often as renewals come, once they are many', () => {
    const stores = (seconds: number) => {
      const { cold, expired } = timeoutOnly(2, seconds);
      return cold + expired;
    };
    const [mean, deviation] = [2 + 1 / rate, 1 / rate];
    const [few, many] = [59.9 * mean, 60.1 * mean];
    const renewals = (seconds: number) =>
      (seconds - 1 / rate) / mean + (deviation ** 2 + mean ** 2) / (2 * mean ** 2);
    expect(stores(few)).toBeCloseTo(renewals(few), 4);
    expect(stores(many)).toBeCloseTo(renewals(many), 12);
  });

  it('is evicted in gaps longer than its stay', () => {
    const two = { share: Float64Array.of(0.5), keys: Float64Array.of(2) };
    const limits = { ...LRU_300, maxEntries: 1 };
    const { cold, evicted, hits } = fromColdStart(
      { groups: two, requestsPerSecond: 2 * rate, limits },
      9,
    );
    // Half of the keys: e^(−t/2) = 1/2 in requests, so the stay is 2·ln 2 requests, and e^(−λt) = 1/2.
    const stay = (2 * Math.LN2) / (2 * rate);
    const after = rate * (9 - stay);
    const gaps = 0.5 * (after - 1 + Math.exp(-after));
    expect(evicted).toBeCloseTo(2 * gaps, 9);
    expect(cold).toBeCloseTo(2 * (1 - Math.exp(-rate * 9)), 12);
    expect(hits).toBeCloseTo(2 * rate * 9 - cold - evicted, 9);
    const soon = fromColdStart({ groups: two, requestsPerSecond: 2 * rate, limits }, stay / 2);
    expect(soon.evicted).toBe(0);
  });

  it('settles at what both formulas say at their ends', () => {
    const two = { share: Float64Array.of(0.5), keys: Float64Array.of(2) };
    const settled = (limits: CacheLimits) =>
      steadyState({ groups: two, requestsPerSecond: 2 * rate, limits });
    expect(settled({ ...LRU_300, maxEntries: 1 })).toEqual({
      ...{ hits: expect.closeTo(0.5, 9), cold: 0, expired: 0, evicted: expect.closeTo(0.5, 9) },
    });
    const x = rate * 3;
    expect(settled({ ...UNBOUNDED, timeoutSeconds: 3 })).toEqual({
      ...{ hits: expect.closeTo(x / (1 + x), 12), cold: 0, evicted: 0 },
      expired: expect.closeTo(1 / (1 + x), 12),
    });
  });
});
