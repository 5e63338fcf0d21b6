import { expect, it } from 'vitest';
import { contract } from './context.ts';

/** What counts, and what the counters add up to. */
contract('counting', ({ make, can }) => {
  it('counts every lookup once, and nothing else as a lookup', async () => {
    const cache = await make();
    await cache.get('a');
    await cache.lookup('a');
    await cache.getMany(['a', 'b', 'a']);
    await cache.getOrSet('c', 1);
    expect((await cache.stats()).lookups).toBe(6);
    await cache.set('d', 1);
    await cache.add('e', 1);
    await cache.has('d');
    await cache.touch('d');
    await cache.delete('d');
    await cache.clear();
    expect(await cache.stats()).toMatchObject({ lookups: 6, hits: 0, missesCold: 6 });
  });

  it('gives snapshots that later lookups do not change', async () => {
    const cache = await make();
    const before = await cache.stats();
    await cache.get('a');
    expect(before.lookups).toBe(0);
    expect((await cache.stats()).minus(before).lookups).toBe(1);
  });

  if (can.stores)
    it('counts hits, stores and removals', async () => {
      const cache = await make();
      await cache.set('a', 1);
      await cache.get('a');
      await cache.getOrSet('a', 2);
      await cache.getOrSet('b', 2);
      await cache.add('b', 3);
      await cache.delete('b');
      expect(await cache.stats()).toMatchObject({
        hits: 2,
        missesCold: 1,
        sets: 2,
        deletions: 1,
      });
    });

  if (can.knowsReasons)
    it('knows how many entries it holds from what it counted', async () => {
      const cache = await make();
      for (const key of ['a', 'b', 'a', 'c']) await cache.set(key, key);
      await cache.delete('a');
      expect(await cache.stats()).toMatchObject({ sets: 4, created: 3, entries: 2 });
      await cache.clear();
      expect(await cache.stats()).toMatchObject({ deletions: 3, entries: 0 });
    });
});
