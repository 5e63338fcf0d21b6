import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import LocMemCache from './backends/locmem.ts';
import { MissingKeyError } from './errors.ts';

const METHODS = [
  'get',
  'lookup',
  'set',
  'add',
  'getOrSet',
  'touch',
  'delete',
  'has',
  'incr',
  'decr',
  'getMany',
  'setMany',
  'deleteMany',
  'incrVersion',
  'decrVersion',
  'clear',
] as const;
/** Those with a value or a delta after the key. */
const TAKES_SECOND = new Set<Method>(['set', 'add', 'getOrSet', 'incr', 'decr']);
type Method = (typeof METHODS)[number];

const key = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    '__proto__',
    'constructor',
    '',
    '\0',
    '\0\0a',
    '\ud800',
    'x'.repeat(1e5),
  ),
  fc.string({ unit: 'binary' }),
);
const nonsense = fc.anything({ withBigInt: true, withMap: true, withSet: true, withDate: true });
const timeout = fc.oneof(fc.constantFrom(null, 0, -1, 5, Number.NaN, '5', 1e308), fc.double());
const argument = fc.oneof(
  key,
  nonsense,
  fc.constantFrom(
    undefined,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    'x'.repeat(1e6),
    () => 1,
    Symbol(),
  ),
  fc.array(key, { maxLength: 3 }),
  fc.array(fc.tuple(key, nonsense), { maxLength: 3 }),
  fc.record({ timeout, version: fc.oneof(fc.integer(), nonsense) }, { requiredKeys: [] }),
);
const calls = fc.array(
  fc.tuple(
    fc.oneof(
      { weight: 30, arbitrary: fc.constantFrom(...METHODS.slice(0, -1)) },
      fc.constant('clear' as Method),
    ),
    fc.oneof(key, argument),
    argument,
    argument,
  ),
  { maxLength: 40 },
);

describe('nonsense', () => {
  it('gets a clear error or an answer, harms no other entry, and is counted right', () => {
    vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    let run = 0;
    fc.assert(
      fc.property(calls, fc.integer({ min: 0, max: 6 }), (sequence, maxEntries) => {
        run += 1;
        let now = 1000;
        const clock = () => now;
        const cache = new LocMemCache({ location: `nonsense ${run}`, clock, maxEntries });
        const bystander = new LocMemCache({ location: `bystander ${run}`, clock });
        bystander.set('a', { safe: ['and', 'sound'] }, { timeout: null });
        for (const [method, ...given] of sequence) {
          perform(cache, method, given);
          now += 1;
          const stats = cache.stats();
          expect(stats.entries).toBe(cache.entries().length);
          expect(stats.lookups).toBe(stats.hits + stats.misses);
          for (const count of Object.values(stats)) expect(count).toBeGreaterThanOrEqual(0);
        }
        expect(bystander.get('a')).toEqual({ safe: ['and', 'sound'] });
        expect({}).not.toHaveProperty('safe');
      }),
    );
    vi.restoreAllMocks();
  });

  it('counts exactly the lookups that were made', () => {
    let run = 0;
    const some = fc.constantFrom('a', 'b', 'c', 'd');
    const step = fc.tuple(fc.constantFrom(...METHODS), some, fc.integer({ min: -1, max: 9 }));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        run += 1;
        let now = 0;
        const cache = new LocMemCache({
          location: `count ${run}`,
          clock: () => now,
          maxEntries: 3,
        });
        let lookups = 0;
        let hits = 0;
        for (const [method, name, number] of steps) {
          now += 1;
          const there = cache
            .entries()
            .some((entry) => entry.key === `:1:${name}` && (entry.expiresAt ?? now + 1) > now);
          const rest = TAKES_SECOND.has(method) ? [number, { timeout: number }] : [];
          perform(cache, method, [method === 'getMany' ? [name, name] : name, ...rest]);
          const made = { get: 1, lookup: 1, getOrSet: 1, getMany: 2 }[method as string] ?? 0;
          lookups += made;
          if (there) hits += made;
        }
        expect(cache.stats()).toMatchObject({ lookups, hits });
      }),
    );
  });

  it('takes values of ten megabytes', () => {
    const cache = new LocMemCache({ location: 'large' });
    const text = 'x'.repeat(10_000_000);
    const rows = Array.from({ length: 200_000 }, (_, id) => ({
      id,
      name: 'a name that is long enough',
    }));
    cache.set('text', text);
    cache.set('rows', rows);
    expect(cache.get('text')).toBe(text);
    // Vitest's own comparison takes seconds for so many.
    expect(isDeepStrictEqual(cache.get('rows'), rows)).toBe(true);
  });
});

/** Calls a method with anything; what it throws must be an error made for the caller. */
function perform(cache: LocMemCache, method: Method, given: unknown[]): void {
  try {
    const call = cache[method] as (...given: unknown[]) => unknown;
    const result = call.apply(cache, given);
    if (result instanceof Promise) result.catch(() => {});
  } catch (error) {
    const expected =
      error instanceof TypeError || error instanceof RangeError || error instanceof MissingKeyError;
    if (!expected) throw error;
    expect(error.message).not.toMatch(
      /is not a function|undefined \(reading|not iterable|stack size/,
    );
  }
}
