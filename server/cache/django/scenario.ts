import fc from 'fast-check';

/** A sequence of operations on caches that share one location, under a clock that starts somewhere. */
export interface Scenario {
  /** Seconds on the clock at the beginning. */
  readonly start: number;
  readonly caches: readonly ScenarioCache[];
  readonly steps: readonly Step[];
}

export interface ScenarioCache {
  readonly timeout: number | null;
  readonly maxEntries: number;
  readonly cullFrequency: number;
  readonly keyPrefix: string;
  readonly version: number;
}

export type Value = null | number | string | readonly Value[] | { readonly [name: string]: Value };

interface Choices {
  /** Index of the cache that is used. */
  readonly cache?: number;
  readonly version?: number;
}

interface StoreChoices extends Choices {
  readonly timeout?: number | null;
}

/** One operation, as JSON that both sides read. */
export type Step =
  | { readonly do: 'wait'; readonly seconds: number; readonly cache?: number }
  | { readonly do: 'clear'; readonly cache?: number }
  | (Choices & { readonly do: 'get' | 'delete' | 'has'; readonly key: string })
  | (StoreChoices & { readonly do: 'touch'; readonly key: string })
  | (StoreChoices & {
      readonly do: 'set' | 'add' | 'getOrSet';
      readonly key: string;
      readonly value: Value;
    })
  | (Choices & {
      readonly do: 'incr' | 'decr' | 'incrVersion' | 'decrVersion';
      readonly key: string;
      readonly delta: number;
    })
  | (Choices & { readonly do: 'getMany' | 'deleteMany'; readonly keys: readonly string[] })
  | (StoreChoices & {
      readonly do: 'setMany';
      readonly keys: readonly string[];
      readonly value: Value;
    });

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
 * Random scenarios: few keys and small caches, so that everything meets everything. The clock stays
 * after 1970: before, Django takes a missing key for one that is there.
 */
export function scenarios(): fc.Arbitrary<Scenario> {
  return fc.record({
    start: fc.constantFrom(1_000_000, 1_000_000.25),
    caches: fc.array(scenarioCache, { minLength: 1, maxLength: 2 }),
    steps: fc.array(step, { maxLength: 120, size: 'max' }),
  });
}

const key = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', '1:a', '2:a', '\0', '\0a', '__proto__', '\ud800', 'ä b'),
  },
);

const value: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -9, max: 9 }),
  fc.constantFrom('', 'text', 0.5, [1, [null]], { a: { b: 1 } }),
);

const timeout = fc.oneof(
  fc.constant(null),
  fc.integer({ min: -2, max: 6 }),
  fc.constantFrom(0.25, -0.25, 300, -1e6, 1e6),
);

const scenarioCache: fc.Arbitrary<ScenarioCache> = fc.record({
  // Django drops the fraction of a cache's own timeout; we do not.
  timeout: fc.oneof(fc.constantFrom(null, 300), fc.integer({ min: -2, max: 6 })),
  maxEntries: fc.integer({ min: 0, max: 7 }),
  cullFrequency: fc.integer({ min: 0, max: 4 }),
  keyPrefix: fc.constantFrom('', '', 'p', 'p:1'),
  version: fc.integer({ min: 1, max: 2 }),
});

const choices = { cache: fc.constantFrom(0, 0, 1), version: fc.integer({ min: 1, max: 3 }) };
const delta = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1e6));
const wholeDelta = fc.integer({ min: -2, max: 2 });
const keys = fc.array(key, { maxLength: 5 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: operation(['get'], { key }) },
  { weight: 16, arbitrary: operation(['set'], { key, value }, { timeout }) },
  { weight: 4, arbitrary: operation(['add', 'getOrSet'], { key, value }, { timeout }) },
  { weight: 2, arbitrary: operation(['touch'], { key }, { timeout }) },
  { weight: 3, arbitrary: operation(['delete', 'has'], { key }) },
  { weight: 2, arbitrary: operation(['incr', 'decr'], { key, delta }) },
  { weight: 2, arbitrary: operation(['incrVersion', 'decrVersion'], { key, delta: wholeDelta }) },
  { weight: 2, arbitrary: operation(['getMany', 'deleteMany'], { keys }) },
  { weight: 1, arbitrary: operation(['setMany'], { keys, value }, { timeout }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds: waits() }) },
  { weight: 1, arbitrary: fc.constant<Step>({ do: 'clear' }) },
);

/** Mostly forward; sometimes the clock is set back. */
function waits(): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(0.25, 0.5, 1, 2, 3, 5) },
    { weight: 1, arbitrary: fc.constantFrom(300, 1e6, -1, -5) },
  );
}

function operation<Name extends string>(
  names: readonly Name[],
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>> = {},
): fc.Arbitrary<Step> {
  const needed = { do: fc.constantFrom(...names), ...required };
  return fc.record(
    { ...needed, ...choices, ...optional },
    { requiredKeys: Object.keys(needed) as never },
  ) as unknown as fc.Arbitrary<Step>;
}
