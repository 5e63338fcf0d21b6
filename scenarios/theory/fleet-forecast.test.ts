import { describe, expect, it } from 'vitest';
import type { CacheLimits } from './cache-limits.ts';
import { evenShares, forecastFleet } from './fleet-forecast.ts';
import { popularityShares } from './popularity.ts';
import { groupShares } from './share-groups.ts';
import { fromColdStart, steadyState } from './steady-state.ts';

const groups = groupShares(popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 2_000 }));
const UNBOUNDED = { maxEntries: 1_000_000, timeoutSeconds: null, cullFrequency: 3 };
const LRU_300 = { maxEntries: 300, timeoutSeconds: null, cullFrequency: 3, policy: 'lru' } as const;

const forecast = (workerShares: number[], limits: CacheLimits) =>
  forecastFleet({ groups, requestsPerSecond: 100, limits, workerShares, startSeconds: 60 });

describe('a fleet', () => {
  it('adds up its workers, equal or not', () => {
    const limits = { ...LRU_300, timeoutSeconds: 30 };
    const { workers, steady, start, originQueriesPerSecond } = forecast(
      [0.5, 0.25, 0.25, 0],
      limits,
    );
    const worker = (requestsPerSecond: number) => ({ groups, requestsPerSecond, limits });
    const [half, quarter] = [50, 25].map((rate) => steadyState(worker(rate)));
    const [first, others] = [50, 25].map((rate) => fromColdStart(worker(rate), 60));
    expect(workers).toBe(4);
    for (const fate of ['hits', 'cold', 'expired', 'evicted'] as const) {
      expect(steady[fate]).toBeCloseTo(0.5 * half![fate] + 0.5 * quarter![fate], 9);
      expect(start[fate]).toBeCloseTo(first![fate] + 2 * others![fate], 6);
    }
    expect(start.hits + start.cold + start.expired + start.evicted).toBeCloseTo(6_000, 3);
    expect(originQueriesPerSecond).toBeCloseTo(100 * (steady.expired + steady.evicted), 9);
  });

  it('asks the origin as often as it misses, and holds entries N times over', () => {
    const one = forecast(evenShares(1), LRU_300);
    const four = forecast(evenShares(4), LRU_300);
    expect(one.originQueriesPerSecond).toBeCloseTo(100 * (1 - one.steady.hits), 6);
    expect(four.originQueriesPerSecond).toBeCloseTo(one.originQueriesPerSecond, 6);
    expect(four.start.cold).toBeGreaterThan(one.start.cold);
    expect(one.duplicationFactor).toBeCloseTo(1, 6);
    expect(one.entries).toBeCloseTo(300, 3);
    expect(four.entries).toBeCloseTo(1_200, 3);
    expect(four.duplicationFactor).toBeGreaterThan(1);
    expect(forecast(evenShares(4), UNBOUNDED).duplicationFactor).toBeCloseTo(4, 6);
  });

  it('holds by popularity: of two keys in one place, each has its own chance', () => {
    // Shares 0.9 and 0.1, one entry: t with e^(−0.9t) + e^(−0.1t) = 1 is 4.1; o = 0.975 and 0.336.
    const two = { share: Float64Array.of(0.9, 0.1), keys: Float64Array.of(1, 1) };
    const limits = { ...LRU_300, maxEntries: 1 };
    const { entries, duplicationFactor } = forecastFleet({
      ...{
        groups: two,
        requestsPerSecond: 1,
        limits,
        workerShares: [0.5, 0.5, 0],
        startSeconds: 1,
      },
    });
    let t = 1;
    for (let step = 0; step < 100; step++) {
      t += Math.exp(-0.9 * t) + Math.exp(-0.1 * t) - 1;
    }
    const held = [0.9, 0.1].map((share) => 1 - Math.exp(-share * t));
    const distinct = held.reduce((sum, one) => sum + 1 - (1 - one) ** 2, 0);
    expect(entries).toBeCloseTo(2, 6);
    expect(duplicationFactor).toBeCloseTo(2 / distinct, 6);
  });

  it('that nobody asks holds nothing, once', () => {
    const { entries, duplicationFactor, steady } = forecast([0, 0], LRU_300);
    expect([entries, duplicationFactor, steady.hits]).toEqual([0, 1, 0]);
  });

  it('gets even shares that add up to one', () => {
    expect(evenShares(4)).toEqual([0.25, 0.25, 0.25, 0.25]);
  });
});
