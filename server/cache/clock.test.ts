import { afterEach, describe, expect, it, vi } from 'vitest';
import LocMemCache from './backends/locmem.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

let location = 0;
function makeCache(): LocMemCache {
  location += 1;
  return new LocMemCache({ location: `clock-${location}` });
}

/** Keeps the event loop from turning for so long. */
function block(millis: number): void {
  const end = performance.now() + millis;
  while (performance.now() < end);
}

describe("the machine's clock", () => {
  it('expires short timeouts even while the event loop stands still', () => {
    const cache = makeCache();
    cache.set('long', 1);
    cache.get('long');
    cache.set('short', 1, { timeout: 0.02 });
    block(25);
    expect(cache.get('short')).toBeUndefined();
    expect(cache.get('long')).toBe(1);
  });

  it('dates entries by now', async () => {
    const cache = makeCache();
    // A turn of the event loop ends what earlier stores shared.
    await new Promise((resolve) => setTimeout(resolve, 5));
    const before = Date.now() / 1000;
    for (let i = 0; i < 100; i += 1) cache.set(`k${i}`, i);
    const after = Date.now() / 1000;
    for (const { expiresAt } of cache.entries()) {
      expect(expiresAt! - 300).toBeGreaterThanOrEqual(before - 1e-6);
      expect(expiresAt! - 300).toBeLessThanOrEqual(after + 1e-6);
    }
  });

  it('dates an entry by now also when many came just before a long pause', async () => {
    const cache = makeCache();
    for (let i = 0; i < 10_001; i += 1) cache.set('busy', i);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = Date.now() / 1000;
    cache.set('after', 1);
    const after = cache.entries().find(({ key }) => key === ':1:after')!;
    expect(after.expiresAt! - 300).toBeGreaterThanOrEqual(before - 1e-6);
  });

  it('follows a Date that a test puts in place, and the real one again after it', () => {
    const cache = makeCache();
    cache.set('k', 1);
    expect(cache.get('k')).toBe(1);
    vi.useFakeTimers({ now: Date.now() + 301_000 });
    expect(cache.get('k')).toBeUndefined();
    cache.set('k', 2);
    vi.setSystemTime(Date.now() + 299_000);
    expect(cache.get('k')).toBe(2);
    vi.setSystemTime(Date.now() + 1000);
    expect(cache.get('k')).toBeUndefined();
    vi.setSystemTime(0);
    cache.set('long ago'.replace(' ', '-'), 3);
    expect(cache.get('long-ago')).toBe(3);
    vi.useRealTimers();
    expect(cache.get('long-ago')).toBeUndefined();
  });

  it('follows a spy on Date.now', () => {
    const cache = makeCache();
    cache.set('k', 1);
    const later = Date.now() + 300_001;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    expect(cache.lookup('k')).toEqual({ outcome: 'miss', reason: 'expired' });
  });
});
