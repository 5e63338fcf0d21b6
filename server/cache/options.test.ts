import { describe, expect, it } from 'vitest';
import LocMemCache from './backends/locmem.ts';
import type { CacheOptions } from './cache.ts';

describe('options that make no sense are errors that name the option and what is right', () => {
  const right = {
    maxEntries: /a whole number, 0 or more/,
    cullFrequency: /a whole number, 0 or more/,
    timeout: /a number of seconds, or null for never/,
    version: /a whole number/,
    keyPrefix: /text/,
    location: /text/,
    keyFunction: /a function/,
    clock: /a function/,
  };
  it.each<[keyof typeof right, unknown, typeof TypeError | typeof RangeError]>([
    ['maxEntries', -1, RangeError],
    ['maxEntries', 1.5, RangeError],
    ['maxEntries', Number.NaN, RangeError],
    ['maxEntries', Number.POSITIVE_INFINITY, RangeError],
    ['maxEntries', '300', TypeError],
    ['maxEntries', null, TypeError],
    ['cullFrequency', -3, RangeError],
    ['cullFrequency', 0.5, RangeError],
    ['cullFrequency', true, TypeError],
    ['timeout', '300', TypeError],
    ['timeout', Number.NaN, RangeError],
    ['timeout', Number.NEGATIVE_INFINITY, RangeError],
    ['version', 1.5, RangeError],
    ['version', 'one', TypeError],
    ['keyPrefix', 7, TypeError],
    ['location', null, TypeError],
    ['keyFunction', 'path.to.function', TypeError],
    ['clock', 5, TypeError],
  ])('%s: %o', (name, value, Kind) => {
    const make = () => new LocMemCache({ [name]: value } as CacheOptions);
    expect(make).toThrow(Kind);
    expect(make).toThrow(`cache option ${name} must be`);
    expect(make).toThrow(right[name]);
  });

  it('names the options that exist when one does not', () => {
    const make = () => new LocMemCache({ maxEntrys: 3 } as CacheOptions);
    expect(make).toThrow(/no cache option "maxEntrys".*maxEntries/);
    const inherited = () => new LocMemCache(JSON.parse('{"__proto__": 1}'));
    expect(inherited).toThrow(TypeError);
  });

  it.each([null, 7, 'text'])('refuses %o as options', (options) => {
    expect(() => new LocMemCache(options as unknown as CacheOptions)).toThrow(/must be an object/);
  });

  it('takes undefined for "not given"', () => {
    const cache = new LocMemCache({ location: 'undefined', timeout: undefined, clock: () => 5 });
    cache.set('k', 1, { timeout: undefined, version: undefined });
    cache.lookup('k', undefined);
    expect(cache.entries()).toEqual([{ key: ':1:k', expiresAt: 305 }]);
  });
});
