import { expect, it } from 'vitest';
import DummyCache from './dummy.ts';

it('takes everything and keeps nothing', async () => {
  const cache = new DummyCache();
  await cache.set('k', 1);
  expect(await cache.add('k', 1)).toBe(true);
  expect(await cache.add('k', 1)).toBe(true);
  expect(await cache.setMany([['k', 1]])).toEqual([]);
  expect(await cache.get('k')).toBeUndefined();
  expect(await cache.entries()).toEqual([]);
  expect(cache.stats()).toMatchObject({ missesCold: 1, entries: 0 });
});
