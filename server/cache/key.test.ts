import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import DummyCache from './backends/dummy.ts';
import LocMemCache from './backends/locmem.ts';
import type { Cache } from './cache.ts';

let warn: ReturnType<typeof vi.fn>;
beforeEach(() => {
  warn = vi.fn();
  vi.spyOn(process, 'emitWarning').mockImplementation(warn as never);
});
afterEach(() => vi.restoreAllMocks());

let location = 0;
function makeLocMem(keyPrefix = ''): LocMemCache {
  location += 1;
  return new LocMemCache({ location: `keys-${location}`, keyPrefix });
}

describe('a key that memcached would refuse', () => {
  const USES: Record<string, (cache: Cache, key: string) => unknown> = {
    get: (cache, key) => cache.get(key),
    lookup: (cache, key) => cache.lookup(key),
    set: (cache, key) => cache.set(key, 1),
    add: (cache, key) => cache.add(key, 1),
    getOrSet: (cache, key) => cache.getOrSet(key, 1),
    touch: (cache, key) => cache.touch(key),
    delete: (cache, key) => cache.delete(key),
    has: (cache, key) => cache.has(key),
    getMany: (cache, key) => cache.getMany([key]),
    setMany: (cache, key) => cache.setMany([[key, 1]]),
    deleteMany: (cache, key) => cache.deleteMany([key]),
  };

  it.each(Object.keys(USES))('is warned about once, by %s', (name) => {
    for (const cache of [makeLocMem(), new DummyCache({ keyPrefix: 'dummy' })]) {
      warn.mockClear();
      USES[name]!(cache, `white space ${name}`);
      USES[name]!(cache, `white space ${name}`);
      USES.get!(cache, `white space ${name}`);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn).toHaveBeenCalledWith(expect.stringContaining(`:1:white space ${name}`), {
        type: 'CacheKeyWarning',
        code: 'CACHE_KEY_NOT_PORTABLE',
      });
    }
  });

  it('is one whose made key, prefix and version included, is too long', () => {
    const cache = makeLocMem();
    cache.set('x'.repeat(247), 1);
    expect(warn).not.toHaveBeenCalled();
    cache.set('x'.repeat(248), 1);
    expect(warn).toHaveBeenCalledTimes(1);
    const long = makeLocMem('prefix');
    long.set('y'.repeat(242), 1);
    expect(warn).toHaveBeenCalledTimes(2);
  });

  it('works all the same', () => {
    const cache = makeLocMem();
    const key = `\n${'long'.repeat(100)}`;
    cache.set(key, 'v');
    expect(cache.get(key)).toBe('v');
  });

  it('is not warned about without end: the last warning says so', () => {
    const cache = makeLocMem();
    for (let i = 0; i < 3000; i += 1) cache.get(`many ${i}`);
    const count = warn.mock.calls.length;
    expect(count).toBeLessThanOrEqual(1001);
    expect(warn.mock.calls.at(-1)![0]).toMatch(/No further keys are reported/);
    cache.get('one more');
    expect(warn).toHaveBeenCalledTimes(count);
  });
});

it('refuses a keyFunction that gives anything but text', () => {
  const keyFunction = (() => 7) as unknown as () => string;
  const cache = new LocMemCache({ location: 'key-function', keyFunction });
  expect(() => cache.get('k')).toThrow(/keyFunction must return text; for 'k' it gave 7/);
});
