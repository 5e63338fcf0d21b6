import { expect, it } from 'vitest';
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
