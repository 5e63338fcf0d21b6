import fc from 'fast-check';
import type { Cache } from '../cache.ts';
import type { CompleteOptions } from '../options.ts';

/** A sequence of operations on caches that share one location, under a clock that starts somewhere. */
export interface Sequence {
  /** Seconds on the clock at the beginning. */
  readonly start: number;
  readonly caches: readonly CacheShape[];
  readonly steps: readonly Step[];
}

/** The options of one of the caches. */
export type CacheShape = Pick<
  CompleteOptions,
  'timeout' | 'maxEntries' | 'cullFrequency' | 'keyPrefix' | 'version'
>;

/** What Django's cache can do, too. */
export type Operation = Exclude<
  keyof Cache,
  'backend' | 'statusName' | 'lookup' | 'stats' | 'entries' | 'close'
>;

/** One operation, as JSON that both sides read. */
export interface Step {
  /** `wait` moves the clock. */
  readonly do: Operation | 'wait';
  /** What the operation is given before its options; to `wait`, seconds; `setMany` takes pairs. */
  readonly given: readonly unknown[];
  readonly options?: { readonly version?: number; readonly timeout?: number | null };
  /** Which cache it is done on, counted around from 0, the default. */
  readonly cache?: number;
}

/** What a step led to. */
export interface Answer {
  /** What it returned; `{ error }` if it failed. */
  readonly result: unknown;
  /** Made keys and expiries (seconds, null: never), the least recently used first. */
  readonly held: readonly (readonly [string, number | null])[];
  /** How many expiries are kept; as many as there are entries. */
  readonly expiries: number;
}

/**
 * Random sequences: few keys and small caches, so that everything meets everything. The clock stays
 * after 1970: before, Django takes a missing key for one that is there.
 */
export function sequences(): fc.Arbitrary<Sequence> {
  return fc.record({
    start: fc.constantFrom(1_000_000, 1_000_000.25),
    caches: fc.array(cacheShape, { minLength: 1, maxLength: 2 }),
    steps: fc.array(step, { maxLength: 120, size: 'max' }),
  });
}

const cacheShape: fc.Arbitrary<CacheShape> = fc.record({
  // Django drops the fraction of a cache's own timeout; we do not.
  timeout: fc.oneof(fc.constantFrom(null, 300), fc.integer({ min: -2, max: 6 })),
  maxEntries: fc.integer({ min: 0, max: 7 }),
  cullFrequency: fc.integer({ min: 0, max: 4 }),
  keyPrefix: fc.constantFrom('', '', 'p', 'p:1'),
  version: fc.integer({ min: 1, max: 2 }),
});

const key = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...'abcdefgh') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '1:a', '2:a', '\0', '\0a', '__proto__', '\ud800', 'ä b'),
  },
);
const value = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom('', 'text', 0.5, [1, [null]], { a: { b: 1 } }),
);
const delta = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1e6));
const wholeDelta = fc.integer({ min: -2, max: 2 });
const keys = fc.array(key, { maxLength: 5 });
const pairs = fc.uniqueArray(fc.tuple(key, value), { maxLength: 5, selector: ([key]) => key });

const choosing = { version: fc.integer({ min: 1, max: 3 }) };
const storing = {
  ...choosing,
  timeout: fc.oneof(
    fc.constant(null),
    fc.integer({ min: -2, max: 6 }),
    fc.constantFrom(0.25, -0.25, 300, -1e6, 1e6),
  ),
};
/** Mostly forward; sometimes the clock is set back. */
const seconds = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(0.25, 0.5, 1, 2, 3, 5) },
  { weight: 1, arbitrary: fc.constantFrom(300, 1e6, -1, -5) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
  operation(12, ['get'], [key], choosing),
  operation(16, ['set'], [key, value], storing),
  operation(4, ['add', 'getOrSet'], [key, value], storing),
  operation(2, ['touch'], [key], storing),
  operation(3, ['delete', 'has'], [key], choosing),
  operation(2, ['incr', 'decr'], [key, delta], choosing),
  operation(2, ['incrVersion', 'decrVersion'], [key, wholeDelta], choosing),
  operation(2, ['getMany', 'deleteMany'], [keys], choosing),
  operation(1, ['setMany'], [pairs], storing),
  operation(3, ['wait'], [seconds]),
  operation(1, ['clear'], []),
);

/** One of these operations; each of the options is given or left out. */
function operation(
  weight: number,
  names: readonly Step['do'][],
  given: fc.Arbitrary<unknown>[],
  options: Record<string, fc.Arbitrary<number | null>> = {},
): { weight: number; arbitrary: fc.Arbitrary<Step> } {
  const arbitrary = fc.record({
    do: fc.constantFrom(...names),
    given: fc.tuple(...given),
    options: fc.record(options, { requiredKeys: [] }),
    cache: fc.constantFrom(0, 0, 1),
  });
  return { weight, arbitrary };
}
