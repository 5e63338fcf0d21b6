import { expect, it } from 'vitest';
import { contract } from './context.ts';

/** Django's cull: before storing into a full cache, by fractions, from the least recent end. */
contract(
  'culling',
  ({ make }) => {
    // Entries held after 50 different keys were stored, and after 50 more.
    it.each([
      { maxEntries: 30, cullFrequency: 3, after50: 30, after100: 30 },
      { maxEntries: 30, cullFrequency: 2, after50: 20, after100: 25 },
      { maxEntries: 30, cullFrequency: 1, after50: 20, after100: 10 },
      { maxEntries: 30, cullFrequency: 0, after50: 20, after100: 10 },
      { maxEntries: 3, cullFrequency: 4, after50: 4, after100: 4 },
      { maxEntries: 3, cullFrequency: 60, after50: 50, after100: 60 },
      { maxEntries: 0, cullFrequency: 3, after50: 3, after100: 3 },
      { maxEntries: 0, cullFrequency: 0, after50: 1, after100: 1 },
      { maxEntries: 1, cullFrequency: 1, after50: 1, after100: 1 },
    ])(
      '$maxEntries entries, 1/$cullFrequency dropped',
      async ({ after50, after100, ...options }) => {
        const cache = await make(options);
        const held = async (keys: number) => {
          let count = 0;
          for (let i = 0; i < keys; i += 1) if (await cache.has(`k${i}`)) count += 1;
          return count;
        };
        for (let i = 0; i < 50; i += 1) await cache.set(`k${i}`, i);
        expect(await held(50)).toBe(after50);
        for (let i = 50; i < 100; i += 1) await cache.set(`k${i}`, i);
        expect(await held(100)).toBe(after100);
        expect(await cache.stats()).toMatchObject({ entries: after100, evictions: 100 - after100 });
      },
    );

    it('culls before it overwrites in a full cache, too', async () => {
      const cache = await make({ maxEntries: 4, cullFrequency: 2 });
      for (const key of ['a', 'b', 'c', 'd']) await cache.set(key, key);
      await cache.set('d', 'new');
      expect(await cache.getMany(['a', 'b', 'c', 'd'])).toEqual(
        new Map([
          ['c', 'c'],
          ['d', 'new'],
        ]),
      );
    });

    it('drops the least recently used, and says of their keys that they were evicted', async () => {
      const cache = await make({ maxEntries: 3, cullFrequency: 3 });
      for (const key of ['a', 'b', 'c']) await cache.set(key, key);
      await cache.get('a');
      await cache.set('d', 'd');
      expect(await cache.lookup('b')).toEqual({ outcome: 'miss', reason: 'evicted' });
      for (const key of ['a', 'c', 'd']) expect(await cache.get(key)).toBe(key);
    });
  },
  ({ culls }) => culls,
);
