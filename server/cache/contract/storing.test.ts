import { expect, it } from 'vitest';
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
