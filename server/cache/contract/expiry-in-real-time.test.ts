import { describe, expect, it, vi } from 'vitest';
import { contract } from './context.ts';

/** The clock is the service's: its tests have to wait, and wait side by side. */
contract(
  'expiry',
  ({ make }) => {
    it('expires after the timeout of the call', async () => {
      const cache = await make({ timeout: null });
      await cache.set('short', 1, { timeout: 1 });
      await cache.set('own', 1);
      await cache.set('never', 1, { timeout: null });
      expect(await cache.get('short')).toBe(1);
      await vi.waitFor(async () => expect(await cache.get('short')).toBeUndefined(), {
        timeout: 10_000,
        interval: 50,
      });
      expect(await cache.add('short', 2)).toBe(true);
      expect((await cache.getMany(['own', 'never'])).size).toBe(2);
    });

    it('is extended by touch', async () => {
      const cache = await make();
      await cache.set('k', 1, { timeout: 1 });
      await cache.set('untouched', 1, { timeout: 1 });
      expect(await cache.touch('k', { timeout: null })).toBe(true);
      await vi.waitFor(async () => expect(await cache.has('untouched')).toBe(false), {
        timeout: 10_000,
        interval: 50,
      });
      expect(await cache.get('k')).toBe(1);
    });
  },
  ({ expires }) => expires === 'real time',
  describe.concurrent,
);
