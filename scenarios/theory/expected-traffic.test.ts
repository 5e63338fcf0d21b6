import { describe, expect, it } from 'vitest';
import type { CacheLimits } from './cache-limits.ts';
import { expectedTraffic, type TrafficOptions } from './expected-traffic.ts';
import { createKeySampler } from './key-sampler.ts';
import { ModelCache } from './model-cache.ts';
import { HIT } from './outcomes.ts';
import { popularityShares } from './popularity.ts';

const DJANGO: CacheLimits = { maxEntries: 300, timeoutSeconds: 300, cullFrequency: 3 };

function traffic(options: Partial<TrafficOptions> & { keys?: number; zipf?: number }) {
  const { keys = 200, zipf = 0.9, ...rest } = options;
  return {
    shares: popularityShares({ popularity: 'zipf', zipf, keys }),
    popularity: 'zipf',
    requestsPerWorker: [1000],
    cache: DJANGO,
    durationSeconds: 1,
    seed: 1,
    ...rest,
  } satisfies TrafficOptions;
}

/** Requests of each worker when every request goes to a random one. */
function randomSplit(requests: number, workers: number, seed: number): number[] {
  const route = createKeySampler(new Float64Array(workers).fill(1 / workers), seed);
  const split = new Array<number>(workers).fill(0);
  for (let i = 0; i < requests; i++) split[route()]!++;
  return split;
}

/** Misses of one simulated run of a cold fleet. */
function runFleet(options: TrafficOptions, draw: () => number): number {
  let misses = 0;
  for (const requests of options.requestsPerWorker) {
    const cache = new ModelCache(options.cache);
    for (let i = 0; i < requests; i++) {
      const now = (i / requests) * options.durationSeconds;
      if (cache.request(draw(), now) !== HIT) misses++;
    }
  }
  return misses;
}

describe('what a single run should show', () => {
  it.each([1, 2, 4, 8, 16])(
    'holds for %i workers: nine to ten runs in ten lie inside, without bias',
    { tags: 'slow' },
    (workers) => {
      const runs = 300;
      let inside = 0;
      let difference = 0;
      const draw = createKeySampler(traffic({}).shares, 4711 + workers);
      for (let run = 0; run < runs; run++) {
        const options = traffic({ requestsPerWorker: randomSplit(2000, workers, run) });
        const { misses } = expectedTraffic(options)!;
        const measured = runFleet(options, draw);
        if (measured >= misses.low! && measured <= misses.high!) inside++;
        difference += (measured - misses.value) / 2000;
      }
      expect(inside / runs).toBeGreaterThanOrEqual(0.9);
      expect(inside / runs).toBeLessThanOrEqual(0.99);
      expect(Math.abs(difference / runs)).toBeLessThan(0.003);
    },
  );

  it('holds where a small cache culls and where entries expire', { tags: 'slow' }, () => {
    const cases = [
      traffic({ requestsPerWorker: [600, 500], cache: { ...DJANGO, maxEntries: 50 } }),
      traffic({
        requestsPerWorker: [600, 500],
        durationSeconds: 20,
        cache: { ...DJANGO, timeoutSeconds: 5 },
      }),
    ];
    for (const options of cases) {
      const { misses } = expectedTraffic(options)!;
      expect(misses.interval).toMatchObject({ how: expect.stringContaining('simulated') });
      const draw = createKeySampler(options.shares, 99);
      const runs = 300;
      let inside = 0;
      let sum = 0;
      for (let run = 0; run < runs; run++) {
        const measured = runFleet(options, draw);
        if (measured >= misses.low! && measured <= misses.high!) inside++;
        sum += measured;
      }
      expect(inside / runs).toBeGreaterThanOrEqual(0.9);
      expect(inside / runs).toBeLessThanOrEqual(0.99);
      expect(Math.abs(sum / runs - misses.value) / 1100).toBeLessThan(0.003);
    }
  });

  it('uses the occupancy formula exactly while nothing can be lost', () => {
    const options = traffic({ requestsPerWorker: [300, 700] });
    let sum = 0;
    for (const requests of options.requestsPerWorker) {
      for (const share of options.shares) sum += 1 - (1 - share) ** requests;
    }
    const { misses, hitRate } = expectedTraffic(options)!;
    expect(misses.value).toBeCloseTo(sum, 6);
    expect(hitRate.value).toBeCloseTo(1 - sum / 1000, 9);
    expect(hitRate.low).toBeCloseTo(1 - misses.high! / 1000, 9);
    expect(misses.source).toContain('occupancy');
  });

  it('agrees with the reference figures of the first 2,000 requests', { tags: 'slow' }, () => {
    const means: [number[], Partial<CacheLimits>, number][] = [
      [[2000], { policy: 'lru' }, 44.7],
      [[500, 500, 500, 500], { policy: 'lru' }, 35.4],
      [new Array<number>(16).fill(125), { policy: 'lru' }, 18.9],
      [[2000], {}, 41.8],
      [[500, 500, 500, 500], {}, 34.8],
      [[500, 500, 500, 500], { policy: 'lru', maxEntries: 75 }, 23.1],
    ];
    for (const [requestsPerWorker, limits, percent] of means) {
      const cache = { ...DJANGO, timeoutSeconds: null, ...limits };
      const { hitRate } = expectedTraffic(
        traffic({ keys: 2000, zipf: 0.8, requestsPerWorker, cache }),
      )!;
      expect(Math.abs(hitRate.value * 100 - percent), `${requestsPerWorker}`).toBeLessThan(0.2);
    }
  });

  it('knows that routing by key makes the fleet one cache', { tags: 'slow' }, () => {
    const shares = popularityShares({ popularity: 'zipf', zipf: 0.8, keys: 2000 });
    const workerOfKey = (key: number) => key % 4;
    const perWorker = [0, 0, 0, 0];
    shares.forEach((share, key) => {
      perWorker[workerOfKey(key)]! += share * 2000;
    });
    const { hitRate } = expectedTraffic(
      traffic({
        keys: 2000,
        zipf: 0.8,
        requestsPerWorker: perWorker.map(Math.round),
        cache: { ...DJANGO, timeoutSeconds: null },
        workerOfKey,
      }),
    )!;
    expect(Math.abs(hitRate.value * 100 - 56.8)).toBeLessThan(0.2);
  });

  it('goes on where the phase before ended', () => {
    const whole = expectedTraffic(traffic({ requestsPerWorker: [1500] }))!;
    const first = expectedTraffic(traffic({ requestsPerWorker: [1000] }))!;
    const second = expectedTraffic(traffic({ requestsPerWorker: [500], requestsBefore: [1000] }))!;
    expect(second.misses.value).toBeCloseTo(whole.misses.value - first.misses.value, 6);
    expect(second.misses.low).toBeLessThan(second.misses.value);
    expect(second.misses.high).toBeGreaterThan(second.misses.value);
  });

  it('expects a miss every time when entries are stored expired', () => {
    const { misses } = expectedTraffic(traffic({ cache: { ...DJANGO, timeoutSeconds: 0 } }))!;
    expect(misses).toMatchObject({ value: 1000, low: 1000, high: 1000 });
  });
});

describe('where theory has nothing to say', () => {
  it('is silent without requests', () => {
    expect(expectedTraffic(traffic({ requestsPerWorker: [0, 0] }))).toBeNull();
    expect(expectedTraffic(traffic({ requestsPerWorker: [] }))).toBeNull();
  });

  it('expects nothing of a worker that got no request', () => {
    const alone = expectedTraffic(traffic({ requestsPerWorker: [1000] }))!;
    const beside = expectedTraffic(traffic({ requestsPerWorker: [1000, 0] }))!;
    expect(beside.misses.value).toBe(alone.misses.value);
  });

  it('has no expectation of cyclic keys over several workers', () => {
    const cyclic = traffic({ popularity: 'cyclic', zipf: 0, requestsPerWorker: [500, 500] });
    expect(expectedTraffic(cyclic)).toBeNull();
    const alone = expectedTraffic({ ...cyclic, requestsPerWorker: [1000] })!;
    expect(alone.misses).toMatchObject({ value: 200, low: 200, high: 200 });
  });
});
