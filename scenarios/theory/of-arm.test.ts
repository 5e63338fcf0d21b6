import { describe, expect, test } from 'vitest';
import { expectedMisses, settledEstimate, settledHitRate, steadyHitRates } from './of-arm.ts';

const zipf = { popularity: 'zipf', zipf: 0.8, keys: 2_000, seed: 1 } as const;

describe('misses of caches that were not there all the time', () => {
  const arm = {
    cache: { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 },
    workload: { popularity: 'uniform', zipf: 0, keys: 10, seed: 1 },
  } as const;

  test('a new process reads again what the old one knew', () => {
    const warm = { requests: 1_000, before: 1_000 };
    const restarted = { requests: 1_000, before: 0 };
    expect(expectedMisses(arm, [warm, warm])!.value).toBeCloseTo(0, 6);
    expect(expectedMisses(arm, [warm, restarted])!.value).toBeCloseTo(10, 6);
  });

  // 10 keys, 10 requests: 10 · (1 − 0.9^10); before them 5 requests: minus 10 · (1 − 0.9^5).
  test('what a cache met before is not missed again', () => {
    expect(expectedMisses(arm, [{ requests: 10, before: 0 }])!.value).toBeCloseTo(6.513, 3);
    expect(expectedMisses(arm, [{ requests: 5, before: 5 }])!.value).toBeCloseTo(2.418, 3);
  });

  test('without a lookup nothing is expected', () => {
    expect(expectedMisses(arm, [])).toBeNull();
  });
});

describe('entries that expire', () => {
  const cache = { maxEntries: 1_000_000, timeoutSeconds: 30, cullFrequency: 3 };
  const arm = { cache, workload: zipf };

  // Zipf 0.8 over 2,000 keys, 30 s, 100 requests a second in all.
  test.each([
    [1, 70.2],
    [2, 59.3],
    [4, 48.4],
    [8, 38.2],
    [16, 29.0],
  ])('%i workers settle at the known hit rate', (workers, percent) => {
    const even = new Array<number>(workers).fill(100 / workers);
    expect(100 * settledHitRate(arm, even)).toBeCloseTo(percent, 1);
  });

  test('a run scatters around it as the simulated ones do', () => {
    const simulated = {
      ...{ value: 0.5, low: 0.4, high: 0.53, source: 'simulation', by: 'model' as const },
      interval: { kind: 'chance', share: 0.95, how: '400 runs', step: 0.01 } as const,
    };
    const { low, high, ...estimate } = settledEstimate(arm, [50, 50], simulated);
    const value = settledHitRate(arm, [50, 50]);
    expect(estimate).toEqual({
      ...{ value, interval: simulated.interval, by: 'formula' },
      source:
        'Σ p·x/(1 + x), x = λ·p·T (Jung, Berger, Balakrishnan); the scatter of a run is simulated',
    });
    expect([low, high]).toEqual([expect.closeTo(value - 0.1, 9), expect.closeTo(value + 0.03, 9)]);
    const wide = { ...simulated, low: -1, high: 2 };
    expect(settledEstimate(arm, [50, 50], wide)).toMatchObject({ low: 0, high: 1 });
  });

  test('a worker that gets nothing changes nothing', () => {
    expect(settledHitRate(arm, [100, 0])).toBe(settledHitRate(arm, [100]));
  });
});

describe('by popularity', () => {
  const cache = { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 };
  const arm = { cache, workload: zipf };

  test('over all keys it is the known steady hit rate of a batched cull', () => {
    const [all] = steadyHitRates(arm, [{ from: 1, to: 2_000 }]);
    expect(100 * all!).toBeCloseTo(44.2, 0);
  });

  test('equal keys hit as often as they are held, and bands add up to the whole', () => {
    // A cull that drops one of 60 makes room for one: there are always 60 of 100 keys.
    const workload = { popularity: 'uniform', zipf: 0, keys: 100, seed: 1 } as const;
    const equal = { workload, cache: { ...cache, maxEntries: 60, cullFrequency: 60 } };
    for (const rate of steadyHitRates(equal, [
      { from: 1, to: 1 },
      { from: 2, to: 100 },
    ])) {
      expect(rate).toBeCloseTo(0.6, 4);
    }
    const [first, second, both] = steadyHitRates(arm, [
      { from: 1, to: 1 },
      { from: 2, to: 2 },
      { from: 1, to: 2 },
    ]);
    // Shares of 1 and of 2 to the power of −0.8.
    const less = 2 ** -0.8;
    expect(both).toBeCloseTo((first! + less * second!) / (1 + less), 9);
  });

  test('popular keys hit more often than rare ones', () => {
    const [hot, warm, rare] = steadyHitRates(arm, [
      { from: 1, to: 20 },
      { from: 21, to: 300 },
      { from: 301, to: 2_000 },
    ]);
    expect(hot).toBeGreaterThan(warm!);
    expect(warm).toBeGreaterThan(rare!);
    expect(hot).toBeLessThan(1);
  });
});
