import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { describe, expect, it, vi } from 'vitest';
import { OUTCOMES } from '../../reports/record/vocabulary.ts';
import LocMemCache from '../../server/cache/backends/locmem.ts';
import type { CacheLimits } from './cache-limits.ts';
import { SparseIndex } from './key-index.ts';
import { createKeySampler } from './key-sampler.ts';
import { ModelCache } from './model-cache.ts';
import { COLD, EVICTED, EXPIRED, HIT } from './outcomes.ts';
import { popularityShares } from './popularity.ts';

interface Course {
  readonly limits: CacheLimits;
  readonly keys: number;
  readonly operations: number;
  readonly seed: number;
}

let locations = 0;

/** Drives LocMemCache itself and its model through the same random operations, step by step. */
function compare({ limits, keys, operations, seed }: Course): Record<string, number> {
  let now = 0;
  const real = new LocMemCache({
    location: `model-${locations++}`,
    maxEntries: limits.maxEntries,
    timeout: limits.timeoutSeconds,
    cullFrequency: limits.cullFrequency,
    clock: () => now,
  });
  const model = new ModelCache(limits);
  const draw = createKeySampler(popularityShares({ popularity: 'zipf', zipf: 0.7, keys }), seed);
  const random = xoroshiro128plus(seed + 1);
  const seen: Record<string, number> = {};
  for (let i = 0; i < operations; i++) {
    const dice = (random.next() >>> 0) / 2 ** 32;
    now += dice / 5;
    const key = draw();
    const name = String(key);
    if (dice < 0.00005) {
      real.clear();
      model.clear();
    } else if (dice < 0.01) {
      real.delete(name);
      model.delete(key);
    } else if (dice < 0.05) {
      real.set(name, i);
      model.store(key, now);
    } else {
      const found = real.lookup(name);
      const outcome = found.outcome === 'miss' ? found.reason : found.outcome;
      const modelled = OUTCOMES[model.lookup(key, now)]!;
      if (outcome !== modelled) {
        throw new Error(`operation ${i}, key ${key}: cache ${outcome}, model ${modelled}`);
      }
      seen[outcome] = (seen[outcome] ?? 0) + 1;
      if (outcome !== 'hit' && dice < 0.97) {
        real.set(name, i);
        model.store(key, now);
      }
    }
    if (i % 5000 === 0 || i === operations - 1) {
      const held = real.entries().map((entry) => Number(entry.key.slice(':1:'.length)));
      if (held.join() !== model.keys().join()) throw new Error(`order differs after ${i}`);
    }
  }
  return seen;
}

describe('the model of the cache', () => {
  it('is LocMemCache itself, request by request, over 1,000,000 operations', {
    tags: 'slow',
  }, () => {
    const seen = compare({
      limits: { maxEntries: 300, timeoutSeconds: 60, cullFrequency: 3 },
      keys: 2000,
      operations: 1_000_000,
      seed: 20,
    });
    for (const outcome of ['hit', 'cold', 'expired', 'evicted']) {
      expect(seen[outcome], outcome).toBeGreaterThan(1000);
    }
  });

  it.each([0, 1, 2, 4, 7])('agrees for a cull frequency of %i and few entries', (cullFrequency) => {
    for (const maxEntries of [0, 1, 2, 5, 40]) {
      for (const timeoutSeconds of [null, 3, 0, -1]) {
        const limits = { maxEntries, timeoutSeconds, cullFrequency };
        compare({ limits, keys: 60, operations: 2000, seed: maxEntries + 1 });
      }
    }
  });

  it('forgets departed entries when LocMemCache does', { tags: 'slow' }, () => {
    const seen = compare({
      limits: { maxEntries: 100, timeoutSeconds: null, cullFrequency: 3 },
      keys: 40_000,
      operations: 200_000,
      seed: 5,
    });
    // More cold misses than keys: some were forgotten and count as new.
    expect(seen.cold).toBeGreaterThan(45_000);
  });

  it('gives the same hits with a sparse index and no memory of what left', () => {
    const limits = { maxEntries: 20, timeoutSeconds: 5, cullFrequency: 3 };
    const full = new ModelCache(limits);
    const lean = new ModelCache(limits, { index: new SparseIndex(), remembered: 0 });
    const draw = createKeySampler(popularityShares({ popularity: 'zipf', zipf: 1, keys: 200 }), 3);
    for (let i = 0; i < 20_000; i++) {
      const key = draw();
      const now = i / 50;
      expect(lean.request(key, now) === HIT).toBe(full.request(key, now) === HIT);
    }
    expect(lean.keys()).toEqual(full.keys());
  });

  it.each(['django', 'lru'] as const)(
    'does the same for many requests at once as for one after the other (%s)',
    (policy) => {
      const shares = popularityShares({ popularity: 'zipf', zipf: 1, keys: 200 });
      const keys = Uint32Array.from({ length: 1_000 }, createKeySampler(shares, 3));
      const seconds = Float64Array.from(keys, (_, i) => i / 50);
      for (const maxEntries of [0, 1, 2, 20, 199]) {
        for (const timeoutSeconds of [null, 5]) {
          for (const remembered of [0, 10, undefined]) {
            const limits = { maxEntries, timeoutSeconds, cullFrequency: 3, policy };
            const single = new ModelCache(limits, { remembered });
            const batch = new ModelCache(limits, { remembered });
            const missed = new Uint8Array(keys.length);
            const misses = batch.requestAll(keys, seconds, missed);
            const expected = Array.from(keys, (key, i) =>
              Number(single.request(key, seconds[i]!) !== HIT),
            );
            expect([...missed]).toEqual(expected);
            expect(misses).toBe(expected.reduce((a, b) => a + b, 0));
            expect(batch.keys()).toEqual(single.keys());
            expect(batch.size).toBe(single.size);
            // What left is remembered in the same order: the reasons of misses agree from here on.
            const outcomes = (cache: ModelCache) =>
              Array.from({ length: 200 }, (_, key) => cache.request(key, 400));
            expect(outcomes(batch)).toEqual(outcomes(single));
          }
        }
      }
    },
  );

  it('is a strict LRU, held against a Map in order of use', () => {
    const draw = createKeySampler(popularityShares({ popularity: 'zipf', zipf: 1, keys: 500 }), 9);
    const keys = Uint32Array.from({ length: 5_000 }, draw);
    for (const remembered of [0, undefined]) {
      const limits = { maxEntries: 60, timeoutSeconds: null, cullFrequency: 3, policy: 'lru' };
      const cache = new ModelCache(limits as CacheLimits, { remembered });
      const missed = new Uint8Array(keys.length);
      cache.requestAll(keys, new Float64Array(keys.length), missed);
      const held = new Set<number>();
      const expected = Array.from(keys, (key) => {
        const isMiss = !held.delete(key);
        if (isMiss && held.size === 60) held.delete(held.keys().next().value!);
        held.add(key);
        return Number(isMiss);
      });
      expect([...missed]).toEqual(expected);
      expect(cache.keys()).toEqual([...held]);
    }
  });

  it('tells whoever listens which entries left, in their order', () => {
    const left: number[] = [];
    const limits = { maxEntries: 3, timeoutSeconds: 10, cullFrequency: 2, policy: 'lru' } as const;
    const cache = new ModelCache(limits, { onRemove: (key) => left.push(key) });
    // Four of three: the first goes. Then 3 expires at once with the rest, 4 is deleted, 2 cleared.
    expect(cache.requestAll(Uint32Array.of(1, 2, 3, 4), new Float64Array(4))).toBe(4);
    expect(left).toEqual([1]);
    expect(cache.lookup(3, 10)).toBe(EXPIRED);
    cache.delete(4);
    cache.delete(9);
    // This one had left before.
    cache.delete(1);
    expect(left).toEqual([1, 3, 4]);
    cache.clear();
    expect([left, cache.size, cache.keys()]).toEqual([[1, 3, 4, 2], 0, []]);
  });

  it.each([0, 3])('is a strict LRU also after entries were deleted, holding %i', (maxEntries) => {
    const left: number[] = [];
    const limits = { maxEntries, timeoutSeconds: null, cullFrequency: 3, policy: 'lru' } as const;
    const caches = [
      new ModelCache(limits),
      new ModelCache(limits, { onRemove: (key) => left.push(key) }),
    ];
    for (const cache of caches) {
      cache.requestAll(Uint32Array.of(1, 2, 3, 4), new Float64Array(4));
      cache.delete(4);
      // 1 left when there was no room; now there is.
      cache.requestAll(Uint32Array.of(1), new Float64Array(1));
      expect([cache.size, cache.keys()]).toEqual(maxEntries === 0 ? [1, [1]] : [3, [2, 3, 1]]);
      cache.requestAll(Uint32Array.of(5, 2), new Float64Array(2));
      expect(cache.keys()).toEqual(maxEntries === 0 ? [2] : [1, 5, 2]);
    }
    expect(left).toEqual(maxEntries === 0 ? [1, 2, 3, 4, 1, 5] : [1, 4, 2, 3]);
  });

  it('drops one entry at a time as a strict LRU, and none for an overwrite', () => {
    const cache = new ModelCache({
      maxEntries: 3,
      timeoutSeconds: null,
      cullFrequency: 3,
      policy: 'lru',
    });
    for (const key of [1, 2, 3, 1]) cache.request(key, 0);
    cache.store(3, 0);
    expect(cache.keys()).toEqual([2, 1, 3]);
    expect(cache.request(4, 0)).toBe(COLD);
    expect(cache.keys()).toEqual([1, 3, 4]);
    expect(cache.request(2, 0)).toBe(EVICTED);
  });

  it('counts an entry as expired at the very moment its time is over', () => {
    const cache = new ModelCache({ maxEntries: 3, timeoutSeconds: 10, cullFrequency: 3 });
    cache.store(1, 100);
    expect(cache.wouldHit(1, 109.9)).toBe(true);
    expect(cache.wouldHit(1, 110)).toBe(false);
    expect(cache.contains(1)).toBe(true);
    expect(cache.lookup(1, 110)).toBe(EXPIRED);
    expect(cache.contains(1)).toBe(false);
    expect(cache.wouldHit(1, 109)).toBe(false);
    // Nor does it come back when the clock is set back, or turn into one that was evicted.
    expect(cache.lookup(1, 105)).toBe(EXPIRED);
    expect(cache.wouldHit(2, 0)).toBe(false);
  });

  it('takes the places of what it forgot, so that its memory does not grow', () => {
    const index = new SparseIndex();
    const nodes = vi.spyOn(index, 'set');
    const limits = { maxEntries: 5, timeoutSeconds: 1, cullFrequency: 3 };
    const cache = new ModelCache(limits, { index, remembered: 0 });
    for (let key = 0; key < 1_000; key++) cache.request(key, key);
    // Nodes are four numbers, the first two of which are the rings.
    expect(Math.max(...nodes.mock.calls.map(([, node]) => node))).toBeLessThan(4 * (2 + 5 + 2));
  });

  it('counts the requests of entries that expired, whoever wants to know which', () => {
    const limits = { maxEntries: 5, timeoutSeconds: 10, cullFrequency: 3 };
    const keys = Uint32Array.of(1, 2, 1, 2);
    expect(new ModelCache(limits).requestAll(keys, Float64Array.of(0, 1, 10, 10.9))).toBe(3);
  });

  it('remembers what expired in the order in which that was noticed', () => {
    const limits = { maxEntries: 6, timeoutSeconds: 10, cullFrequency: 3 };
    const cache = new ModelCache(limits, { remembered: 1 });
    for (const key of [1, 2, 3]) cache.store(key, 0);
    for (const key of [3, 1, 2]) expect(cache.lookup(key, 10)).toBe(EXPIRED);
    cache.store(4, 10);
    expect([1, 2, 3].map((key) => cache.lookup(key, 10))).toEqual([COLD, EXPIRED, COLD]);
  });

  it('forgets what left, the first first, two at most for each store', () => {
    const limits = { maxEntries: 6, timeoutSeconds: null, cullFrequency: 0 };
    const coldAfterEachStore = (remembered: number) => {
      const cache = new ModelCache(limits, { remembered });
      for (let key = 1; key <= 6; key++) cache.store(key, 0);
      // The first of these drops all six.
      return [7, 8, 9, 10].map((key) => {
        cache.store(key, 0);
        return [1, 2, 3, 4, 5, 6].filter((left) => cache.lookup(left, 0) === COLD);
      });
    };
    expect(coldAfterEachStore(6)).toEqual([[], [], [], []]);
    expect(coldAfterEachStore(1)).toEqual([
      [1, 2],
      [1, 2, 3, 4],
      [1, 2, 3, 4, 5],
      [1, 2, 3, 4, 5],
    ]);
    expect(coldAfterEachStore(0)).toEqual(new Array(4).fill([1, 2, 3, 4, 5, 6]));
  });
});
