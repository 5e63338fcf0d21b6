import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it } from 'vitest';
import type { CacheLimits } from './cache-limits.ts';
import { entryLife } from './entry-life.ts';
import { evenShares, forecastFleet } from './fleet-forecast.ts';
import { createKeySampler } from './key-sampler.ts';
import { ModelCache } from './model-cache.ts';
import { COLD, EVICTED, EXPIRED, HIT } from './outcomes.ts';
import { popularityShares } from './popularity.ts';
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

describe('the first seconds of an empty worker', () => {
  it.each([
    [{ ...LRU_300 }, 20, 0.3],
    [{ ...LRU_300, policy: 'django' as const }, 20, 0.3],
    [{ ...UNBOUNDED, timeoutSeconds: 30 }, 100, 0.3],
    [{ ...LRU_300, policy: 'django' as const, timeoutSeconds: 20 }, 100, 0.4],
    [{ ...LRU_300, policy: 'django' as const, timeoutSeconds: 40 }, 50, 0.4],
  ])(
    'split into cold, expired and evicted as the exact model does: %o for %i s',
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

describe('the life of an entry', () => {
  it('joins the known formulas where a timeout begins to matter', () => {
    for (const rate of [0.01, 0.5, 1, 3, 20]) {
      for (const stay of [0.5, 4, 30]) {
        const che = Math.expm1(rate * stay);
        expect(entryLife(rate, stay, Infinity).hits).toBeCloseTo(che, 9);
        expect(entryLife(rate, stay, stay).hits).toBeCloseTo(rate * stay, 9);
        // Just past a stay the timeout still cuts the hits, and a long one no longer does.
        const late = entryLife(rate, stay, 1e7);
        if (che < 1e3) expect(late.hits / che).toBeCloseTo(1, 4);
      }
    }
  });

  it('grows without a jump where the series is carried on', () => {
    for (const x of [0.2, 0.99, 1, 1.01, 2, 8]) {
      const before = entryLife(x, 1, 19.999);
      const after = entryLife(x, 1, 20.001);
      expect(after.hits - before.hits).toBeGreaterThanOrEqual(-1e-9);
      expect(after.hits - before.hits).toBeLessThan(0.01 * x);
      expect(after.evicted).toBeCloseTo(before.evicted, 2);
    }
  });
});

describe('a fleet', () => {
  const forecast = (workerShares: number[], limits: CacheLimits) =>
    forecastFleet({
      groups: GROUPS,
      requestsPerSecond: 100,
      limits,
      workerShares,
      startSeconds: 60,
    });

  it('adds up its workers, equal or not', () => {
    const limits = { ...LRU_300, timeoutSeconds: 30 };
    const { steady, start } = forecast([0.5, 0.25, 0.25, 0], limits);
    const half = steadyState({ groups: GROUPS, requestsPerSecond: 50, limits });
    const quarter = steadyState({ groups: GROUPS, requestsPerSecond: 25, limits });
    expect(steady.hits).toBeCloseTo(0.5 * half.hits + 0.5 * quarter.hits, 9);
    expect(start.hits + start.cold + start.expired + start.evicted).toBeCloseTo(6000, 3);
  });

  it('asks the origin as often as it misses, and holds entries N times over', () => {
    const one = forecast(evenShares(1), LRU_300);
    const four = forecast(evenShares(4), LRU_300);
    expect(one.originQueriesPerSecond).toBeCloseTo(100 * (1 - one.steady.hits), 6);
    expect(four.originQueriesPerSecond).toBeCloseTo(one.originQueriesPerSecond, 6);
    expect(four.start.cold).toBeGreaterThan(one.start.cold);
    expect(one.duplicationFactor).toBeCloseTo(1, 6);
    expect(four.entries).toBeCloseTo(1200, 3);
    expect(four.duplicationFactor).toBeGreaterThan(1);
    expect(forecast(evenShares(4), UNBOUNDED).duplicationFactor).toBeCloseTo(4, 6);
  });

  it('gives the same for groups of keys as for every key', () => {
    const shares = popularityShares({ popularity: 'zipf', zipf: 0.9, keys: 50_000 });
    const every = { share: shares, keys: new Float64Array(shares.length).fill(1) };
    const limits = { maxEntries: 3000, timeoutSeconds: null, cullFrequency: 3 };
    const traffic = { requestsPerSecond: 100, limits };
    const grouped = steadyState({ ...traffic, groups: groupShares(shares) });
    expect(grouped.hits).toBeCloseTo(steadyState({ ...traffic, groups: every }).hits, 5);
    const shuffled = shares.toReversed();
    expect(groupShares(shuffled)).toEqual(groupShares(shares));
  });
});
