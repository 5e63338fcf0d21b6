import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { CacheOptions } from '../cache.ts';
import LocMemCache from './locmem.ts';

let now: number;
let places = 0;

/** A cache of its own, with a clock that the test sets. */
function makeCache(options: CacheOptions = {}): LocMemCache {
  places += 1;
  return new LocMemCache({ location: `test-${places}`, clock: () => now, ...options });
}

beforeEach(() => {
  now = 1_000_000;
});

it('getOrSet gives what another stored while it loaded, which thereby was used last', async () => {
  const cache = makeCache();
  const load = async () => {
    cache.set('k', 'theirs');
    cache.set('other', 1);
    return 'mine';
  };
  expect(await cache.getOrSet('k', load)).toBe('theirs');
  expect(cache.entries().map(({ key }) => key)).toEqual([':1:other', ':1:k']);
});

describe('keys and expiry', () => {
  it('files an entry under prefix, version and key, with the default timeout of 300 s', () => {
    const cache = makeCache({ keyPrefix: 'site' });
    cache.set('user:7', 'Ada');
    expect(cache.entries()).toEqual([{ key: 'site:1:user:7', expiresAt: now + 300 }]);
  });

  it('keeps versions apart', () => {
    const cache = makeCache();
    cache.set('k', 'one');
    cache.set('k', 'two', { version: 2 });
    expect(cache.get('k')).toBe('one');
    expect(cache.get('k', { version: 2 })).toBe('two');
    expect(cache.get('k', { version: 3 })).toBeUndefined();
  });

  it('treats keys of different caches that come out as the same text as one entry', () => {
    const location = 'same-text';
    const short = makeCache({ location, keyPrefix: 'a' });
    const long = makeCache({ location, keyPrefix: 'a:1', version: 2 });
    const verbatim = makeCache({ location, keyFunction: (key) => key });
    short.set('2:x', 'found');
    expect(long.get('x')).toBe('found');
    expect(verbatim.get('a:1:2:x')).toBe('found');
    expect(short.entries()).toHaveLength(1);
  });

  it('keeps apart keys with a NUL in front from the texts they resemble', () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    const location = 'nul';
    const plain = makeCache({ location });
    const verbatim = makeCache({ location, keyFunction: (key) => key });
    const keys = ['x', '\0x', '\0:1:x', '\0\0x', ''];
    for (const key of keys) plain.set(key, `plain ${key}`);
    for (const key of keys) verbatim.set(key, `verbatim ${key}`);
    for (const key of keys) {
      expect(plain.get(key)).toBe(`plain ${key}`);
      expect(verbatim.get(key)).toBe(`verbatim ${key}`);
    }
    expect(new Set(plain.entries().map(({ key }) => key))).toEqual(
      new Set([...keys.map((key) => `:1:${key}`), ...keys]),
    );
    warnings.mockRestore();
  });

  it('expires an entry at the very second of its expiry', () => {
    const cache = makeCache();
    cache.set('k', 1, { timeout: 10 });
    now += 9.999;
    expect(cache.get('k')).toBe(1);
    now += 0.001;
    expect(cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'expired' });
    expect(cache.entries()).toEqual([]);
  });
});

describe('eviction', () => {
  it('drops a third of the entries, the least recently used, before storing into a full cache', () => {
    const cache = makeCache({ maxEntries: 6 });
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) cache.set(key, key);
    cache.get('a');
    cache.set('g', 'g');
    expect(cache.entries().map(({ key }) => key)).toEqual([':1:d', ':1:e', ':1:f', ':1:a', ':1:g']);
    expect(cache.stats()).toMatchObject({ culls: 1, evictions: 2, entries: 5 });
  });

  it('calls a miss evicted only while the entry would still have been good', () => {
    const cache = makeCache({ maxEntries: 1, cullFrequency: 1 });
    cache.set('a', 1, { timeout: 10 });
    cache.set('b', 2);
    expect(cache.lookup('a')).toEqual({ outcome: 'miss', reason: 'evicted' });
    now += 10;
    expect(cache.lookup('a')).toEqual({ outcome: 'miss', reason: 'expired' });
    cache.delete('a');
    expect(cache.lookup('a')).toEqual({ outcome: 'miss', reason: 'cold' });
  });

  it('forgets the oldest departures beyond its memory of 10,000', () => {
    const cache = makeCache({ maxEntries: 1, cullFrequency: 1 });
    const stored = 15_000;
    for (let i = 0; i < stored; i += 1) cache.set(`k${i}`, i);
    const reasons = { cold: 0, evicted: 0 };
    for (let i = 0; i < stored - 1; i += 1) {
      const found = cache.lookup(`k${i}`);
      if (found.outcome === 'miss') reasons[found.reason as 'cold' | 'evicted'] += 1;
    }
    expect(reasons).toEqual({ cold: 4999, evicted: 10_000 });
    expect(cache.lookup('k0')).toMatchObject({ reason: 'cold' });
    expect(cache.lookup(`k${stored - 2}`)).toMatchObject({ reason: 'evicted' });
  });
});

describe('counting up', () => {
  it('refuses a sum that a number cannot hold exactly, and what is not a number', () => {
    const cache = makeCache();
    cache.setMany(
      Object.entries({ large: Number.MAX_SAFE_INTEGER, flag: true, big: 1n, half: 0.5 }),
    );
    expect(() => cache.incr('large')).toThrow(RangeError);
    expect(() => cache.incr('flag')).toThrow(/'flag' holds true, not a number/);
    expect(() => cache.incr('big')).toThrow(TypeError);
    expect(() => cache.incr('half', Number.NaN)).toThrow(/delta must be a finite number/);
    expect(() => cache.decr('half', '1' as never)).toThrow(
      /delta must be a finite number, not '1'/,
    );
    expect(() => cache.incrVersion('half', 0.5)).toThrow(/version must be a whole number/);
    expect(cache.incr('half', 0.25)).toBe(0.75);
    expect(cache.get('large')).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('stores', () => {
  it('is one store for all caches of a location, each with its own limits', () => {
    const one = makeCache({ location: 'shared', timeout: 5 });
    const other = makeCache({ location: 'shared', timeout: null });
    one.set('k', 1);
    expect(other.get('k')).toBe(1);
    other.set('k', 2);
    expect(one.entries()).toEqual([{ key: ':1:k', expiresAt: null }]);
    expect(one.stats()).toEqual(other.stats());
  });
});

describe('getOrSet', () => {
  it('loads once, counts one lookup, and waits for an asynchronous loader', async () => {
    const cache = makeCache();
    expect(cache.getOrSet('k', () => 1)).toBe(1);
    expect(cache.getOrSet('k', () => 2)).toBe(1);
    await expect(cache.getOrSet('later', async () => 3)).resolves.toBe(3);
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 2, sets: 2 });
  });

  it('waits for anything that has a then, as query builders do', async () => {
    const cache = makeCache();
    // biome-ignore lint/suspicious/noThenProperty: this is what such objects look like
    const query = { then: (done: (rows: number[]) => void) => done([1, 2]) };
    expect(await cache.getOrSet('k', () => query as unknown as Promise<number[]>)).toEqual([1, 2]);
    expect(cache.get('k')).toEqual([1, 2]);
  });

  it('gives what another caller stored while the loader was busy', async () => {
    const cache = makeCache();
    const slow = cache.getOrSet('k', () => Promise.resolve('slow'));
    cache.set('k', 'quick');
    await expect(slow).resolves.toBe('quick');
  });

  it('gives the loaded value even when it expires at once', () => {
    const cache = makeCache();
    expect(cache.getOrSet('k', () => 'v', { timeout: 0 })).toBe('v');
    expect(cache.stats()).toMatchObject({ created: 1, expirations: 1, entries: 0, misses: 1 });
  });
});
