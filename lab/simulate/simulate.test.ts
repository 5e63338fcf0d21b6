import { describe, expect, it } from 'vitest';
import type { CacheLimits } from '../../scenarios/theory/cache-limits.ts';
import { createKeySampler } from '../../scenarios/theory/key-sampler.ts';
import { ModelCache } from '../../scenarios/theory/model-cache.ts';
import { HIT } from '../../scenarios/theory/outcomes.ts';
import { popularityShares } from '../../scenarios/theory/popularity.ts';
import { TraceSimulation } from './simulate.ts';
import type { SimulationOptions, TraceRouting } from './simulation-options.ts';
import { KeyTable } from './trace/key-table.ts';
import { sampledCapacity } from './worker-caches.ts';

const KEYS = 20_000;
const LIMITS: CacheLimits = { maxEntries: 1000, timeoutSeconds: 400, cullFrequency: 3 };

/** For each key two independent hashes, as the table of a trace has them. */
const HASHES = Array.from({ length: KEYS }, (_, key) => {
  const table = new KeyTable();
  const name = Buffer.from(`user:${key}`);
  table.hashBytes(name, 0, name.length);
  return { sampling: table.hash, routing: table.secondHash };
});
const hashOf = (key: number) => HASHES[key]!.routing;

/** Requests a tenth of a second apart. */
function trace(requests: number, zipf = 0.9, seed = 7) {
  const draw = createKeySampler(popularityShares({ popularity: 'zipf', zipf, keys: KEYS }), seed);
  const keys = Uint32Array.from({ length: requests }, draw);
  return { keys, seconds: Float64Array.from(keys, (_, i) => i / 10) };
}

function simulate(
  { keys, seconds }: ReturnType<typeof trace>,
  options: Partial<SimulationOptions> = {},
) {
  const simulation = new TraceSimulation({
    workers: [1, 4],
    routing: 'random',
    backends: ['locmem', 'shared'],
    limits: LIMITS,
    capacities: [],
    sample: 1,
    seed: 1,
    hashOf,
    ...options,
  });
  for (let at = 0; at < keys.length; at += 1000) {
    simulation.run({
      keys: keys.subarray(at, at + 1000),
      seconds: seconds.subarray(at, at + 1000),
    });
  }
  return simulation.results();
}

function sampleOf({ keys, seconds }: ReturnType<typeof trace>, sample: number) {
  const inSample = [...keys.keys()].filter((i) => HASHES[keys[i]!]!.sampling < sample * 2 ** 32);
  return {
    keys: Uint32Array.from(inSample, (i) => keys[i]!),
    seconds: Float64Array.from(inSample, (i) => seconds[i]!),
  };
}

describe('a simulated trace', () => {
  it('misses as often as the exact model of each cache, one request after the other', () => {
    const requests = trace(30_000);
    // So small that it counts which keys share a cache.
    const limits = { ...LIMITS, maxEntries: 100 };
    const routes: Record<
      Extract<TraceRouting, 'round-robin' | 'by-key'>,
      (key: number, i: number) => number
    > = {
      'round-robin': (_, i) => i % 4,
      'by-key': (key) => hashOf(key) % 4,
    };
    for (const [routing, route] of Object.entries(routes)) {
      const caches = Array.from({ length: 4 }, () => new ModelCache(limits));
      let misses = 0;
      requests.keys.forEach((key, i) => {
        const cache = caches[route(key, i)]!;
        if (cache.request(key, requests.seconds[i]!) !== HIT) misses++;
      });
      const [fleet] = simulate(requests, {
        workers: [4],
        routing: routing as TraceRouting,
        limits,
      });
      expect(fleet, routing).toMatchObject({ workers: 4, maxEntries: 100, shared: false, misses });
    }
  });

  it('gives the shared cache the requests and the memory of all workers', () => {
    const requests = trace(30_000);
    const one = new ModelCache({ ...LIMITS, maxEntries: 4 * LIMITS.maxEntries });
    const misses = one.requestAll(requests.keys, requests.seconds);
    const [, shared] = simulate(requests, { workers: [4] });
    expect(shared).toEqual({
      workers: 4,
      maxEntries: 4000,
      shared: true,
      misses,
      staleReads: 0,
      standardError: 0,
    });
  });

  it('sees one worker and one shared cache of its size as the same', () => {
    const [separate, shared] = simulate(trace(20_000), { workers: [1] });
    expect(shared!.misses).toBe(separate!.misses);
  });

  it('spreads requests at random so that the seed repeats it', () => {
    const requests = trace(20_000);
    const misses = (seed: number) => simulate(requests, { seed, workers: [4] })[0]!.misses;
    expect(misses(1)).toBe(misses(1));
    expect(misses(1)).not.toBe(misses(2));
  });

  it('makes a fleet routed by key miss like one shared cache of its size', () => {
    const [routed, shared] = simulate(trace(60_000), { workers: [4], routing: 'by-key' });
    expect(Math.abs(routed!.misses - shared!.misses) / 60_000).toBeLessThan(0.005);
    const [random] = simulate(trace(60_000), { workers: [4] });
    expect(random!.misses).toBeGreaterThan(1.05 * shared!.misses);
  });

  it('lists other capacities in order, and only the backends asked for', () => {
    const fleets = simulate(trace(20_000), {
      workers: [2],
      capacities: [4000, 250],
      backends: ['locmem'],
    });
    expect(fleets.map(({ maxEntries, shared }) => [maxEntries, shared])).toEqual([
      [250, false],
      [1000, false],
      [4000, false],
    ]);
    const shared = simulate(trace(100), { workers: [2], capacities: [250], backends: ['shared'] });
    expect(shared.map((fleet) => [fleet.maxEntries, fleet.shared])).toEqual([[2000, true]]);
    const misses = fleets.map((fleet) => fleet.misses);
    expect(misses).toEqual(misses.toSorted((a, b) => b - a));
  });

  it('draws the curve over capacities for 64 workers at most', () => {
    const capacities = [2_000, 1_000, 250];
    const fleets = simulate(trace(1_000), { workers: [64, 65], capacities });
    expect(fleets.map((fleet) => [fleet.workers, fleet.maxEntries, fleet.shared])).toEqual([
      [64, 250, false],
      [64, 1_000, false],
      [64, 2_000, false],
      [64, 64_000, true],
      [65, 1_000, false],
      [65, 65_000, true],
    ]);
  });

  it('carries 10,000 workers', () => {
    const [many] = simulate(trace(30_000), { workers: [10_000], backends: ['locmem'] });
    expect(many!.misses).toBeGreaterThan(0.9 * 30_000);
    expect(many!.misses).toBeLessThan(30_000);
  });
});

describe('while requests come', () => {
  const lru = { maxEntries: 10, timeoutSeconds: null, cullFrequency: 3, policy: 'lru' } as const;
  /** A second apart; `w` before a key: it is written. */
  const requests = (...what: string[]) => ({
    keys: Uint32Array.from(what, (one) => Number(one.replace('w', ''))),
    write: Uint8Array.from(what, (one) => (one.startsWith('w') ? 1 : 0)),
    seconds: Float64Array.from(what, (_, i) => i),
  });
  const of = (
    batch: ReturnType<typeof requests>,
    options: Partial<SimulationOptions>,
  ): [misses: number, stale: number][] => {
    const simulation = new TraceSimulation({
      ...{ workers: [1, 2], routing: 'round-robin', backends: ['locmem', 'shared'], limits: lru },
      ...{ capacities: [], sample: 1, seed: 1, hashOf: (key) => key },
      ...options,
    });
    simulation.run(batch);
    return simulation.results().map(({ misses, staleReads }) => [misses, staleReads]);
  };

  it('a write is known to its own worker: the others go on with what they had', () => {
    // Two workers in turn: 5 at A and B, a write at A, 5 at B (stale), A (a miss), B (stale).
    const batch = requests('5', '5', 'w5', '5', '5', '5');
    expect(of(batch, { hasWrites: true })).toEqual([
      [2, 0], // one worker
      [2, 0], // and the same as a shared cache
      [3, 2], // two workers
      [2, 0], // and what they share
    ]);
    // By key the one worker of the key gets its writes too.
    expect(of(batch, { hasWrites: true, routing: 'by-key' })[2]).toEqual([2, 0]);
  });

  it('what is stored again is fresh, and so is what nobody wrote', () => {
    // In turn: 5 and 6 at A, 5 at B; a write at A; 5 is stale at B until its ten seconds are over.
    const limits = { ...lru, timeoutSeconds: 6 };
    const batch = requests('6', '5', 'w5', '5', '6', '7', '7', '7', '6', '5', '7', '5');
    // B: 5 stored at 1, stale at 3, expired at 9, fresh at 11. A: 6 stored at 0, hit at 4, expired at 8.
    expect(of(batch, { hasWrites: true, limits })[2]).toEqual([6, 1]);
  });

  it('a replaced worker begins with an empty cache, a shared one goes on', () => {
    const batch = { ...requests('1', '2', '1', '2', '1', '2', '1', '2') };
    const replacement = { everySeconds: Infinity, maxRequests: 3, jitter: 0 };
    // One worker: 1 2 1 | 2 1 2 | 1 2. Two: 1 1 1 | 1 and 2 2 2 | 2.
    const misses = [
      [6, 0],
      [2, 0],
      [4, 0],
      [2, 0],
    ];
    expect(of(batch, { replacement })).toEqual(misses);
    const { write, ...reads } = batch;
    expect(of(reads as typeof batch, { replacement })).toEqual(misses);
    // At 4 and 8 seconds all of them: 1 2 1 2 | 1 2 1 2.
    const deployed = { everySeconds: 4, maxRequests: Infinity, jitter: 0 };
    expect(of(reads as typeof batch, { replacement: deployed }).map(([one]) => one)).toEqual([
      ...[4, 2, 4, 2],
    ]);
  });

  it('a client finds what it asked for, where it stays with its worker', () => {
    const client = Uint32Array.from({ length: 400 }, (_, i) => i % 40);
    const keys = client;
    const batch = { keys, client, seconds: Float64Array.from(keys, (_, i) => i / 40) };
    const options = {
      workers: [16],
      backends: ['locmem'],
      limits: { ...lru, maxEntries: 100 },
    } as const;
    const missesOf = (idleSeconds: number) =>
      of(batch as never, { ...options, routing: 'by-client', idleSeconds })[0]![0];
    expect(missesOf(2)).toBe(40);
    // A connection for each request is routing at random.
    expect(missesOf(0.5)).toBe(of(batch as never, { ...options, routing: 'random' })[0]![0]);
  });
});

describe('a sample of the keys', () => {
  it.each([0.5, 0.2, 0.1])('of %d lies within three standard errors of the whole', (sample) => {
    const requests = trace(200_000);
    const whole = simulate(requests);
    const estimates = simulate(sampleOf(requests, sample), { sample });
    whole.forEach((fleet, i) => {
      const { misses, standardError } = estimates[i]!;
      expect(standardError).toBeGreaterThan(0);
      expect(Math.abs(misses - fleet.misses)).toBeLessThan(3 * standardError);
      // And the error is small enough to be of use: some points of hit rate.
      expect(standardError / 200_000).toBeLessThan(0.04);
    });
  });

  it.each([1, 3])('tells its error by how misses fall on 32 groups of keys, %i workers', (n) => {
    // Each key is asked for once, and so missed once: 5 in the first group, 4 in the second, 1 in the last.
    const keys = Uint32Array.of(0, 32, 64, 96, 128, 1, 33, 65, 97, 31);
    const options = { workers: [n], sample: 0.25, hashOf: (key: number) => key } as const;
    const seconds = new Float64Array(keys.length);
    const mean = 10 / 32;
    const squares = [5, 4, 1].reduce((sum, misses) => sum + (misses - mean) ** 2, 29 * mean ** 2);
    const expected = { misses: 40, standardError: Math.sqrt((32 / 31) * squares) / 0.25 };
    for (const routing of ['round-robin', 'by-key'] as const) {
      const [separate, shared] = simulate({ keys, seconds }, { ...options, routing });
      expect(separate).toMatchObject(expected);
      expect(shared).toMatchObject(expected);
    }
    // What is asked for again hits, and counts in no group.
    const [again] = simulate(
      { keys: Uint32Array.of(...keys, 0, 0, 0), seconds: new Float64Array(13) },
      { ...options, routing: 'by-key' },
    );
    expect(again).toMatchObject(expected);
  });

  it('has caches of its part of the entries, of one at least', () => {
    expect(sampledCapacity(1_000, 0.0126)).toBe(13);
    expect(sampledCapacity(1_000, 0.0124)).toBe(12);
    expect(sampledCapacity(300, 0.001)).toBe(1);
    // Two entries of four: of three keys in turn none is found again.
    const keys = Uint32Array.of(1, 2, 3, 1, 2, 3);
    const limits = {
      maxEntries: 4,
      timeoutSeconds: null,
      cullFrequency: 3,
      policy: 'lru',
    } as const;
    const options = { workers: [1], limits, backends: ['locmem'] } as const;
    const seconds = new Float64Array(keys.length);
    expect(simulate({ keys, seconds }, { ...options, sample: 0.5 })[0]!.misses).toBe(12);
    expect(simulate({ keys, seconds }, options)[0]!.misses).toBe(3);
  });

  it('shrinks the caches, not the question', () => {
    const [fleet] = simulate(sampleOf(trace(20_000), 0.1), { sample: 0.1 });
    expect(fleet!.maxEntries).toBe(1000);
    expect(simulate(trace(1000))[0]!.standardError).toBe(0);
  });
});
