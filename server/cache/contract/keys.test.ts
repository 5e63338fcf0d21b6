import { expect, it, vi } from 'vitest';
import type { CacheOptions, StoreOptions } from '../cache.ts';
import { contract } from './context.ts';

/** How keys are made, and that none is mixed up with another. */
contract(
  'keys',
  ({ make, can }) => {
    it('keeps versions apart, and moves a value from one to another', async () => {
      const cache = await make({ version: 3 });
      await cache.set('k', 'three');
      expect(await cache.get('k', { version: 4 })).toBeUndefined();
      expect(await cache.incrVersion('k')).toBe(4);
      expect(await cache.get('k')).toBeUndefined();
      expect(await cache.get('k', { version: 4 })).toBe('three');
      expect(await cache.decrVersion('k', 2, { version: 4 })).toBe(2);
      expect(await cache.get('k', { version: 2 })).toBe('three');
      expect(await cache.has('k', { version: 4 })).toBe(false);
    });

    it('uses the version in every operation', async () => {
      const cache = await make();
      const second = { version: 2 };
      await cache.set('k', 1);
      await cache.setMany([['k', 10]], second);
      expect(await cache.incr('k', 1, second)).toBe(11);
      expect(await cache.getMany(['k'], second)).toEqual(new Map([['k', 11]]));
      expect(await cache.add('k', 0, { version: 3 })).toBe(true);
      expect(await cache.getOrSet('k', 5, { version: 4 })).toBe(5);
      expect(await cache.touch('k', second)).toBe(true);
      expect(await cache.delete('k', second)).toBe(true);
      expect(await cache.get('k')).toBe(1);
    });

    it('makes keys with its own function', async () => {
      const keyFunction = (key: string, prefix: string, version: number) =>
        `${version}/${prefix}/${key.toLowerCase()}`;
      const cache = await make({ keyFunction, keyPrefix: 'p' });
      await cache.set('Key', 1);
      expect(await cache.get('KEY')).toBe(1);
      // Where many caches share a service, the prefix has to come first for a cache to find its own.
      if (can.listsEntries === 'by recency') {
        expect((await cache.entries())![0]!.key).toBe('1/p/key');
      }
    });

    it('knows the names that objects have by birth as keys like any other', async () => {
      const cache = await make();
      for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
        expect(await cache.get(key)).toBeUndefined();
        await cache.set(key, key);
        expect(await cache.get(key)).toBe(key);
      }
    });

    if (can.takesAnyKey)
      it('takes any text as a key and mixes none up', async () => {
        const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
        const cache = await make();
        const keys = [
          '',
          ' ',
          '\0',
          '\0a',
          'a',
          '\ud800',
          '\ud801',
          ':1:a',
          'é',
          'e\u0301',
          'x'.repeat(999),
        ];
        for (const key of keys) await cache.set(key, `of ${key}`);
        for (const key of keys) expect(await cache.get(key)).toBe(`of ${key}`);
        warnings.mockRestore();
      });

    it('lists its entries in order of recency, or says that it cannot', async () => {
      const cache = await make({ keyPrefix: 'p', timeout: null });
      for (const key of ['a', 'b', 'c', 'd']) await cache.set(key, 1);
      await cache.get('a');
      await cache.incr('b');
      await cache.has('c');
      await cache.touch('c', { timeout: null });
      await cache.add('c', 2);
      const expected = ['p:1:c', 'p:1:d', 'p:1:a', 'p:1:b'].map((key) => ({
        key,
        expiresAt: null,
      }));
      const entries = await cache.entries();
      if (can.listsEntries === 'in no order') {
        expect(new Set(entries)).toEqual(new Set(expected));
      } else expect(entries).toEqual(can.listsEntries ? expected : null);
    });
  },
  ({ stores }) => stores,
);

/** What every backend refuses, before it does anything. */
contract('bad input', ({ make }) => {
  it.each([undefined, null, 7, {}, [], Symbol('s')])('refuses %o as a key', async (nonsense) => {
    const cache = await make();
    const key = nonsense as string;
    const calls: (() => unknown)[] = [
      () => cache.get(key),
      () => cache.lookup(key),
      () => cache.set(key, 1),
      () => cache.add(key, 1),
      () => cache.getOrSet(key, 1),
      () => cache.touch(key),
      () => cache.delete(key),
      () => cache.has(key),
      () => cache.incr(key),
      () => cache.getMany([key]),
      () => cache.setMany([[key, 1]]),
      () => cache.deleteMany([key]),
      () => cache.incrVersion(key),
    ];
    for (const call of calls) await expect(async () => call()).rejects.toThrow(TypeError);
  });

  it('refuses a timeout in the place of the options, as one might write in Python', async () => {
    const cache = await make();
    const options = 30 as unknown as StoreOptions;
    await expect(async () => cache.set('k', 1, options)).rejects.toThrow(/timeout: 60/);
    await expect(async () => cache.get('k', options)).rejects.toThrow(TypeError);
  });

  it('refuses text where many keys belong', async () => {
    const cache = await make();
    const keys = 'abc' as unknown as string[];
    await expect(async () => cache.getMany(keys)).rejects.toThrow(TypeError);
    await expect(async () => cache.deleteMany(keys)).rejects.toThrow(TypeError);
    const object = { a: 1 } as unknown as [];
    await expect(async () => cache.setMany(object)).rejects.toThrow(/Object.entries/);
  });

  it.each([
    ['an option that does not exist', { maxEntrys: 3 }],
    ['negative entries', { maxEntries: -1 }],
    ['a timeout as text', { timeout: '300' }],
  ])('refuses to be made with %s', async (_what, options) => {
    const [name] = Object.keys(options);
    await expect(async () => make(options as CacheOptions)).rejects.toThrow(name!);
  });
});
