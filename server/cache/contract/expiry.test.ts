import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { type Contract, contract } from './context.ts';

/** When entries expire, and what an expired entry is like. */
contract(
  'expiry',
  (context) => {
    if (context.can.expires === 'given clock') byGivenClock(context);
    atOnce(context);
  },
  ({ expires }) => expires !== 'never',
);

/** Seconds that are short to wait for; memcached makes two of them. */
const BRIEF = { timeout: 0.2 };
/** On a busy machine an entry may be over before it is looked at: then once more. */
const soon = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 20 });

/** The clock is the service's: its tests have to wait, and wait side by side. */
contract(
  'expiry',
  ({ make }) => {
    it('expires after the timeout of the call', async () => {
      const cache = await make({ timeout: null });
      await cache.set('own', 1);
      await cache.set('never', 1, { timeout: null });
      await soon(async () => {
        await cache.set('short', 1, BRIEF);
        expect(await cache.get('short')).toBe(1);
      });
      await soon(async () => expect(await cache.get('short')).toBeUndefined());
      expect(await cache.add('short', 2)).toBe(true);
      expect((await cache.getMany(['own', 'never'])).size).toBe(2);
    });

    it('comes no sooner than asked, whenever in a second of the service the entry was stored', async () => {
      const cache = await make();
      const lifeOf = async (key: string, storedAfterMillis: number) => {
        await delay(storedAfterMillis);
        const stored = performance.now();
        await cache.set(key, 1, { timeout: 1 });
        await delay(500);
        const found = await cache.get(key);
        // On a busy machine it may be looked at too late.
        if (performance.now() - stored < 1_000) expect(found).toBe(1);
      };
      await Promise.all([0, 250, 500, 750].map((millis) => lifeOf(`after_${millis}`, millis)));
    });

    it('is extended by touch', async () => {
      const cache = await make();
      await soon(async () => {
        await cache.set('k', 1, BRIEF);
        expect(await cache.touch('k', { timeout: null })).toBe(true);
      });
      await cache.set('untouched', 1, BRIEF);
      await soon(async () => expect(await cache.has('untouched')).toBe(false));
      expect(await cache.get('k')).toBe(1);
    });
  },
  ({ expires }) => expires === 'real time',
  describe.concurrent,
);

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

function atOnce({ make }: Contract): void {
  it.each([0, -1, -1e9])('a timeout of %d: expired at once', async (timeout) => {
    const cache = await make();
    await cache.set('k', 'v', { timeout });
    expect(await cache.get('k')).toBeUndefined();
    expect(await cache.getOrSet('k', 'w', { timeout })).toBe('w');
    expect(await cache.has('k')).toBe(false);
    await cache.set('k', 'v');
    expect(await cache.touch('k', { timeout })).toBe(true);
    expect(await cache.has('k')).toBe(false);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, '30', true, {}])(
    'refuses a timeout of %o and leaves what was there',
    async (nonsense) => {
      const cache = await make();
      const options = { timeout: nonsense as number };
      await cache.set('k', 'before');
      await expect(async () => cache.set('k', 1, options)).rejects.toThrow(/timeout/);
      await expect(async () => cache.add('l', 1, options)).rejects.toThrow(/timeout/);
      await expect(async () => cache.touch('k', options)).rejects.toThrow(/timeout/);
      await expect(async () => cache.getOrSet('l', 1, options)).rejects.toThrow(/timeout/);
      await expect(async () => cache.setMany([['k', 1]], options)).rejects.toThrow(/timeout/);
      expect(await cache.get('k')).toBe('before');
    },
  );
}

function byGivenClock({ make, advance, can }: Contract): void {
  it('expires after the timeout of the call, else of the cache, else 300 s', async () => {
    const standard = await make();
    const short = await make({ timeout: 5 });
    for (const cache of [standard, short]) {
      await cache.set('own', 1);
      await cache.set('call', 1, { timeout: 10 });
      await cache.set('never', 1, { timeout: null });
    }
    advance(4.999);
    expect(await short.has('own')).toBe(true);
    advance(0.001);
    expect(await short.has('own')).toBe(false);
    expect(await short.has('call')).toBe(true);
    advance(5);
    expect(await standard.has('call')).toBe(false);
    advance(289.999);
    expect(await standard.has('own')).toBe(true);
    advance(0.001);
    expect(await standard.has('own')).toBe(false);
    advance(1e9);
    expect(await standard.has('never')).toBe(true);
  });

  it('is extended by touch and set, but not by get', async () => {
    const cache = await make({ timeout: 10 });
    for (const key of ['got', 'touched', 'set']) await cache.set(key, 1);
    advance(6);
    await cache.get('got');
    expect(await cache.touch('touched')).toBe(true);
    await cache.set('set', 2);
    advance(6);
    expect(await cache.getMany(['got', 'touched', 'set'])).toEqual(
      new Map([
        ['touched', 1],
        ['set', 2],
      ]),
    );
    expect(await cache.touch('got')).toBe(false);
  });

  it('is kept by incr', async () => {
    const cache = await make();
    await cache.set('n', 1, { timeout: 10 });
    advance(9);
    await cache.incr('n');
    advance(1);
    await expect(async () => cache.incr('n')).rejects.toThrow(/"n"/);
  });

  it('lets add and getOrSet store again', async () => {
    const cache = await make({ timeout: 10 });
    await cache.set('a', 1);
    await cache.set('b', 1);
    advance(10);
    expect(await cache.add('a', 2)).toBe(true);
    expect(await cache.getOrSet('b', 2)).toBe(2);
    expect(await cache.getMany(['a', 'b'])).toEqual(
      new Map([
        ['a', 2],
        ['b', 2],
      ]),
    );
  });

  if (can.knowsReasons)
    it('is the reason that a miss gives, until the key is stored', async () => {
      const cache = await make({ timeout: 10 });
      await cache.set('k', 1);
      advance(10);
      expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'expired' });
      expect(await cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'expired' });
      expect(await cache.stats()).toMatchObject({ missesExpired: 2, expirations: 1, entries: 0 });
      await cache.set('k', 1);
      expect(await cache.lookup('k')).toEqual({ outcome: 'hit', value: 1 });
    });

  if (can.listsEntries === 'by recency')
    it('leaves an entry in its place until it is touched', async () => {
      const cache = await make({ timeout: 10 });
      for (const key of ['get', 'has', 'delete', 'touch']) await cache.set(key, 1);
      advance(10);
      expect(await cache.entries()).toHaveLength(4);
      await cache.get('get');
      await cache.has('has');
      expect(await cache.touch('touch')).toBe(false);
      expect((await cache.entries())!.map(({ key }) => key)).toEqual([':1:delete', ':1:touch']);
      expect(await cache.delete('delete')).toBe(true);
    });
}
