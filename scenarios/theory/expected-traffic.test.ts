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

describe('one key, of which nothing is left to chance', () => {
  const one = (options: Partial<TrafficOptions>) =>
    expectedTraffic({
      ...{ shares: Float64Array.of(1), popularity: 'uniform', requestsPerWorker: [10], seed: 1 },
      ...{ cache: { ...DJANGO, timeoutSeconds: 5 }, durationSeconds: 20 },
      ...options,
    })!.misses;
  const simulated = (value: number, how: string, source: string) => ({
    ...{ value, low: value, high: value, source, by: 'model' },
    interval: { kind: 'chance', share: 0.95, how, step: 1 },
  });
  const evenly = (value: number) =>
    simulated(
      value,
      '400 simulated repetitions',
      'simulation on an exact model of the cache, requests evenly spaced in time',
    );

  it('is asked for again and again while it expires', () => {
    // Every 2 s for 20 s: loaded at 0, 6, 12 and 18.
    expect(one({})).toEqual(evenly(4));
    // And at a second worker every 4 s: loaded at 0, 8 and 16.
    expect(one({ requestsPerWorker: [10, 5] })).toEqual(evenly(7));
    // Loaded at 0 and 6 of the ten seconds before, so first at 12, and then at 18, 24.
    const earlier = { requestsBefore: [5], secondsBefore: 10 };
    expect(one(earlier)).toEqual(evenly(3));
    expect(one({ ...earlier, requestsPerWorker: [10, 5] })).toEqual(evenly(6));
  });

  it('is judged by the times at which it was asked for, where they are known', () => {
    const times = {
      overlap: false,
      workers: [
        {
          ...{ slot: 1, firstCounted: 0 },
          atSeconds: Float64Array.of(0, 1, 5, 6, 11),
          loadSeconds: new Float64Array(5),
        },
      ],
    };
    // Loaded at 0, at 5 and at 11.
    const redrawn = (value: number) =>
      simulated(
        value,
        '400 repetitions with other keys',
        'exact model of the cache, lookups at the measured times and workers, keys drawn anew',
      );
    expect(one({ times })).toEqual(redrawn(3));
    // What cannot be lost is missed once, unless loads overlap; and a cycle is not drawn at all.
    const kept = { cache: DJANGO, requestsPerWorker: [4] };
    expect(one({ times, ...kept }).source).toContain('occupancy');
    expect(one({ times: { ...times, overlap: true }, ...kept })).toEqual(redrawn(1));
    expect(one({ times, popularity: 'cyclic' })).toEqual(evenly(4));
  });

  it('is repeated less often the more requests there are, those before included', {
    tags: 'slow',
  }, () => {
    const many = { requestsPerWorker: [20_000], requestsBefore: [20_000], secondsBefore: 20 };
    expect(one(many).interval).toMatchObject({ how: '250 simulated repetitions' });
  });

  it.each<[string, Partial<TrafficOptions>, boolean]>([
    ['the phase lasts as long as the timeout', { durationSeconds: 5 }, true],
    ['both phases do', { durationSeconds: 3, secondsBefore: 2 }, true],
    ['a cache has no room', { durationSeconds: 1, cache: { ...DJANGO, maxEntries: 0 } }, true],
    ['the phase is shorter than the timeout', { durationSeconds: 4.9 }, false],
    ['nothing ever expires', { cache: { ...DJANGO, timeoutSeconds: null } }, false],
    ['it just fits', { durationSeconds: 1, cache: { ...DJANGO, maxEntries: 1 } }, false],
  ])('can be lost, or cannot, where %s', (_when, options, canLose) => {
    expect(one(options).source).toContain(canLose ? 'simulation' : 'occupancy');
  });
});

describe('a few keys and little room', () => {
  const few = (options: Partial<TrafficOptions>) =>
    expectedTraffic(
      traffic({ keys: 4, zipf: 0, cache: { ...DJANGO, maxEntries: 2, policy: 'lru' }, ...options }),
    )!.misses;

  it.each<[string, Partial<TrafficOptions>, boolean]>([
    ['as many requests as entries', { requestsPerWorker: [2, 2] }, false],
    ['more of them at one worker', { requestsPerWorker: [2, 3] }, true],
    ['more with those before', { requestsPerWorker: [1, 2], requestsBefore: [1, 1] }, true],
    ['few keys for each worker', { workerOfKey: (key) => key % 4 }, false],
    ['more keys for one worker', { workerOfKey: (key) => Number(key > 0) }, true],
  ])('%s', (_what, options, canLose) => {
    const requestsPerWorker = options.workerOfKey ? [50, 50] : [];
    const { source } = few({ requestsPerWorker, ...options });
    expect(source).toContain(canLose ? 'simulation' : 'occupancy');
  });

  it('a worker misses the keys that are routed to it, each once', () => {
    const alone = { requestsPerWorker: new Array<number>(4).fill(500), workerOfKey: Number };
    expect(few(alone).value).toBeCloseTo(4, 6);
    // No key is routed to the fifth, whatever it was asked.
    expect(few({ ...alone, requestsPerWorker: [500, 500, 500, 500, 7] }).value).toBeCloseTo(4, 6);
    // One key for the first, which keeps it, and three for the second, which has room for two.
    const uneven = few({
      ...{ requestsPerWorker: [500, 500], workerOfKey: (key) => Number(key > 0) },
    });
    // Of three keys at random the one asked for is missing every third time, whatever came before:
    // 500/3 misses with a deviation of √(500 · 1/3 · 2/3).
    expect(Math.abs(uneven.value - (1 + 500 / 3))).toBeLessThan(3);
    const deviation = Math.sqrt((500 * 2) / 9);
    expect(uneven.high - uneven.low).toBeGreaterThan(1.8 * 1.96 * deviation);
    expect(uneven.high - uneven.low).toBeLessThan(2.2 * 1.96 * deviation);
  });

  it('a cycle that does not fit never hits, and what was there before goes on', () => {
    const cyclic = { popularity: 'cyclic', requestsPerWorker: [9] } as const;
    expect(few(cyclic)).toMatchObject({ value: 9, low: 9, high: 9, by: 'model' });
    const fits = { ...cyclic, cache: DJANGO };
    expect(few({ ...fits, requestsBefore: [3] })).toMatchObject({ value: 1, low: 1, high: 1 });
    expect(few({ ...fits, requestsBefore: [7] })).toMatchObject({ value: 0 });
    expect(few({ ...fits, requestsPerWorker: [3] })).toMatchObject({
      value: 3,
      source: 'one worker asked for a cycle of keys: the first round misses',
    });
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
