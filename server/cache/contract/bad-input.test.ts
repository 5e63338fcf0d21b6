import { expect, it } from 'vitest';
import type { CacheOptions, StoreOptions } from '../cache.ts';
import { contract } from './context.ts';

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
