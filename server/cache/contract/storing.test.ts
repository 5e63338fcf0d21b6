import { expect, it } from 'vitest';
import { MissingKeyError } from '../errors.ts';
import { contract } from './context.ts';

/** What is stored comes back, as a copy. */
contract(
  'storing',
  ({ make, can }) => {
    const plain = ['text', '', 0, -1.5, 1e300, true, false, null, [], {}, [1, ['a', null]]];
    it.each([...plain, { a: { b: [{ c: 'd' }] }, e: null }])('gives back %o', async (value) => {
      const cache = await make();
      await cache.set('k', value);
      expect(await cache.get('k')).toStrictEqual(value);
      expect(await cache.lookup('k')).toStrictEqual({ outcome: 'hit', value });
    });

    it('gives back what only JavaScript has, as it was', async () => {
      const cache = await make();
      const value: Record<string, unknown> = {
        date: new Date(5),
        map: new Map([['a', new Set([1n])]]),
        bytes: new Uint8Array([1, 2]),
        nothing: undefined,
        odd: [Number.NaN, -0, Number.POSITIVE_INFINITY],
      };
      value.self = value;
      await cache.set('k', value);
      const back = await cache.get<typeof value>('k');
      expect(back).toStrictEqual(value);
      expect(back!.self).toBe(back);
    });

    it('keeps its values to itself: what callers do to theirs stays theirs', async () => {
      const cache = await make();
      const mine = { list: [1], name: 'a' };
      await cache.set('k', mine);
      mine.list.push(2);
      const got = (await cache.get<typeof mine>('k'))!;
      got.name = 'changed';
      got.list.length = 0;
      expect(await cache.get('k')).toEqual({ list: [1], name: 'a' });
      const loaded = await cache.getOrSet('l', mine);
      loaded.list.push(3);
      expect(await cache.get('l')).toEqual({ list: [1, 2], name: 'a' });
    });

    it.each([
      ['undefined', undefined],
      ['a function', () => 1],
      ['a function inside', { deep: [() => 1] }],
      ['a symbol', Symbol('s')],
      ['an instance of a class', new (class Point {})()],
      ['a promise', Promise.resolve(1)],
    ])('refuses %s and leaves what was there', async (_what, value) => {
      const cache = await make();
      await cache.set('k', 'before');
      await expect(async () => cache.set('k', value)).rejects.toThrow(TypeError);
      await expect(async () => cache.add('k', value)).rejects.toThrow(TypeError);
      expect(await cache.get('k')).toBe('before');
    });

    it('adds only what is missing', async () => {
      const cache = await make();
      expect(await cache.add('k', 1)).toBe(true);
      expect(await cache.add('k', 2)).toBe(false);
      expect(await cache.get('k')).toBe(1);
    });

    it('loads a missing value once, and remembers null', async () => {
      const cache = await make();
      expect(await cache.getOrSet('k', () => null)).toBeNull();
      expect(await cache.getOrSet('k', () => 'again')).toBeNull();
    });

    it('counts up and down', async () => {
      const cache = await make();
      await cache.set('n', 41);
      expect(await cache.incr('n')).toBe(42);
      expect(await cache.incr('n', 10)).toBe(52);
      expect(await cache.decr('n')).toBe(51);
      const below = can.countsBelowZero ? -9 : 0;
      expect(await cache.decr('n', 60)).toBe(below);
      expect(await cache.get('n')).toBe(below);
    });

    it.each(['text', null, [1], { n: 1 }])('does not count up %o, and keeps it', async (value) => {
      const cache = await make();
      await cache.set('k', value);
      await expect(async () => cache.incr('k')).rejects.toThrow(TypeError);
      expect(await cache.get('k')).toEqual(value);
    });

    it('stores, reads and deletes many', async () => {
      const cache = await make();
      const entries = new Map<string, unknown>([
        ['a', 1],
        ['b', [2]],
      ]);
      expect(await cache.setMany(entries)).toEqual([]);
      expect(await cache.getMany(['a', 'missing', 'b'])).toEqual(entries);
      await cache.deleteMany(['a', 'missing']);
      expect(await cache.getMany(['a', 'b'])).toEqual(new Map([['b', [2]]]));
    });

    it('says whether a key was there when it deletes or touches it', async () => {
      const cache = await make();
      await cache.set('k', 1);
      expect(await cache.has('k')).toBe(true);
      expect(await cache.touch('k')).toBe(true);
      expect(await cache.delete('k')).toBe(true);
      expect(await cache.has('k')).toBe(false);
    });

    it('is empty after clear', async () => {
      const cache = await make();
      await cache.set('a', 1);
      await cache.clear();
      expect(await cache.get('a')).toBeUndefined();
    });
  },
  ({ stores }) => stores,
);

/** What every operation says of a key that is not there. */
contract('a missing key', ({ make }) => {
  it('is undefined, and a miss that is cold', async () => {
    const cache = await make();
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'cold' });
    expect(await cache.getMany(['a', 'b'])).toEqual(new Map());
    expect(await cache.has('k')).toBe(false);
  });

  it('cannot be touched or deleted, and both say so', async () => {
    const cache = await make();
    expect(await cache.touch('k')).toBe(false);
    expect(await cache.delete('k')).toBe(false);
    await cache.deleteMany(['a', 'b']);
  });

  it('cannot be counted up or moved to another version: an error that names the key', async () => {
    const cache = await make();
    for (const method of ['incr', 'decr', 'incrVersion', 'decrVersion'] as const) {
      const failing = async () => cache[method]('missing-one');
      await expect(failing).rejects.toThrow(MissingKeyError);
      await expect(failing).rejects.toThrow(/"missing-one"/);
    }
  });

  it('is loaded by getOrSet, from a value or a function or a promise', async () => {
    const cache = await make();
    expect(await cache.getOrSet('a', 'value')).toBe('value');
    expect(await cache.getOrSet('b', () => ['made'])).toEqual(['made']);
    expect(await cache.getOrSet('c', async () => ({ made: 'later' }))).toEqual({ made: 'later' });
  });

  it('stays missing when its loader fails, and the caller gets the error', async () => {
    const cache = await make();
    const load = () => {
      throw new Error('the origin is down');
    };
    await expect(async () => cache.getOrSet('k', load)).rejects.toThrow('the origin is down');
    await expect(async () => cache.getOrSet('k', async () => load())).rejects.toThrow('down');
    expect(await cache.has('k')).toBe(false);
  });
});

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
