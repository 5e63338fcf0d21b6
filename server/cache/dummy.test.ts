import { describe, expect, it } from 'vitest';
import { describeCacheContract } from './contract/contract.ts';
import { DummyCache } from './dummy.ts';

describeCacheContract('dummy', (options) => new DummyCache(options), {
  stores: false,
  expires: 'never',
  culls: false,
  listsEntries: 'by recency',
  countsBelowZero: true,
  knowsReasons: false,
  takesAnyKey: true,
  keepsTypes: true,
});

describe('DummyCache', () => {
  it('takes everything and keeps nothing', () => {
    const cache = new DummyCache();
    cache.set('k', 1);
    expect(cache.add('k', 1)).toBe(true);
    expect(cache.add('k', 1)).toBe(true);
    expect(cache.setMany([['k', 1]])).toEqual([]);
    expect(cache.get('k')).toBeUndefined();
    expect(cache.entries()).toEqual([]);
    expect(cache.stats()).toMatchObject({ missesCold: 1, entries: 0 });
  });
});
