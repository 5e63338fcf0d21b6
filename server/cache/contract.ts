import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Awaitable, Cache, CacheOptions, StoreOptions } from './cache.ts';
import { describeExpiryContract } from './contract-expiry.ts';
import { MissingKeyError } from './missing-key-error.ts';

/** What a backend promises beyond the interface. The suite asks for exactly what is promised. */
export interface Capabilities {
  /** It keeps what is stored. */
  readonly stores: boolean;
  /**
   * How entries expire: `given clock`: by the `clock` option, which the suite moves; `real time`:
   * the suite waits; `never`: not at all.
   */
  readonly expires: 'given clock' | 'real time' | 'never';
  /** A full cache drops its least recently used entries, 1/cullFrequency of them, as Django does. */
  readonly culls: boolean;
  /** `entries()` lists them: by recency, or in no order; `false`: it gives null. */
  readonly listsEntries: 'by recency' | 'in no order' | false;
  /** A miss says truly whether it was cold, expired or evicted, and stores count what they created. */
  readonly knowsReasons: boolean;
  /** Counters may go below 0. */
  readonly countsBelowZero: boolean;
  /** Any text is a key: also with white space, control characters and lone surrogates. */
  readonly takesAnyKey: boolean;
  /** Values come back with JavaScript's types (Date, Map, bigint, cycles), not just JSON's. */
  readonly keepsTypes: boolean;
}

/** A new, empty cache that shares nothing with those made before. The suite closes it. */
export type CacheFactory = (options: CacheOptions) => Awaitable<Cache>;

/** What the parts of the suite work with. */
export interface ContractContext {
  readonly can: Capabilities;
  /** A cache under test; its clock is the suite's where the backend takes one. */
  make(options?: CacheOptions): Promise<Cache>;
  /** Seconds on the suite's clock. */
  now(): number;
  advance(seconds: number): void;
}

/**
 * The contract of backends. Each calls this in its own test file with a factory and with what it
 * promises; whoever adds a backend starts here.
 */
export function describeCacheContract(
  name: string,
  factory: CacheFactory,
  capabilities: Capabilities,
): void {
  describe(`the contract of caches, kept by ${name}`, () => {
    const made: Cache[] = [];
    let seconds: number;
    beforeEach(() => {
      seconds = 1_000_000;
    });
    afterEach(async () => {
      for (const cache of made.splice(0)) await cache.close();
    });
    const context: ContractContext = {
      can: capabilities,
      now: () => seconds,
      advance(by) {
        seconds += by;
      },
      async make(options = {}) {
        const clock = capabilities.expires === 'given clock' ? { clock: () => seconds } : {};
        const cache = await factory({ ...clock, ...options });
        made.push(cache);
        return cache;
      },
    };
    describeMissing(context);
    describeCounting(context);
    describeBadInput(context);
    if (capabilities.stores) describeStoring(context);
    if (capabilities.stores) describeKeys(context);
    if (capabilities.expires !== 'never') describeExpiryContract(context);
    if (capabilities.culls) describeCulling(context);
  });
}

function describeMissing({ make }: ContractContext): void {
  describe('a missing key', () => {
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
}

function describeCounting({ make, can }: ContractContext): void {
  describe('counting', () => {
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
}

function describeBadInput({ make }: ContractContext): void {
  describe('bad input', () => {
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
}

function describeStoring({ make, can }: ContractContext): void {
  describe('storing', () => {
    const plain = ['text', '', 0, -1.5, 1e300, true, false, null, [], {}, [1, ['a', null]]];
    it.each([...plain, { a: { b: [{ c: 'd' }] }, e: null }])('gives back %o', async (value) => {
      const cache = await make();
      await cache.set('k', value);
      expect(await cache.get('k')).toStrictEqual(value);
      expect(await cache.lookup('k')).toStrictEqual({ outcome: 'hit', value });
    });

    if (can.keepsTypes)
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
  });
}

function describeKeys({ make, can }: ContractContext): void {
  describe('keys', () => {
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
  });
}

function describeCulling({ make }: ContractContext): void {
  describe('culling', () => {
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
  });
}
