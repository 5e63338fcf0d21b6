import type { CacheShape, Sequence, Step } from './sequence.ts';

/** Sequences with a name: the corners where it is easy to differ from Django. */
export const CASES: Readonly<Record<string, Sequence>> = {
  'overwriting a key of a full cache culls first, and may cull that very key': onCache({}, [
    { do: 'setMany', given: [pairs('a', 'b', 'c')] },
    { do: 'set', given: ['a', 2] },
    { do: 'set', given: ['c', 3] },
  ]),
  'a cull that divides to zero drops nothing, and the cache grows past its limit': onCache(
    { maxEntries: 1, cullFrequency: 4 },
    [{ do: 'setMany', given: [pairs('a', 'b', 'c', 'd', 'e')] }],
  ),
  'an expired entry that nobody touched counts towards the limit': onCache({}, [
    { do: 'setMany', given: [pairs('a', 'b')], options: { timeout: 1 } },
    { do: 'wait', given: [5] },
    { do: 'set', given: ['c', 1] },
    { do: 'set', given: ['d', 1] },
  ]),
  'deleting an expired entry succeeds, touching it does not': onCache({}, [
    { do: 'setMany', given: [pairs('a', 'b')], options: { timeout: 1 } },
    { do: 'wait', given: [1] },
    { do: 'touch', given: ['a'] },
    { do: 'delete', given: ['a'] },
    { do: 'delete', given: ['a'] },
  ]),
  'adding over an expired entry keeps no second one': onCache({}, [
    { do: 'set', given: ['a', 1], options: { timeout: 1 } },
    { do: 'wait', given: [1] },
    { do: 'add', given: ['a', 2] },
    { do: 'get', given: ['a'] },
  ]),
  'a timeout of 0 lies a second back, a default timeout of 0 does not': onCache({ timeout: 0 }, [
    { do: 'set', given: ['a', 1], options: { timeout: 0 } },
    { do: 'set', given: ['b', 1] },
    { do: 'wait', given: [-0.5] },
    { do: 'get', given: ['a'] },
    { do: 'get', given: ['b'] },
  ]),
  'what getOrSet stores with a timeout of 0 is gone when it reads again': onCache({}, [
    { do: 'getOrSet', given: ['a', 'loaded'], options: { timeout: 0 } },
  ]),
  'a failing incr leaves the recency as it was': onCache({}, [
    { do: 'set', given: ['a', 'text'] },
    { do: 'set', given: ['b', 'text'] },
    { do: 'incr', given: ['a', 1] },
  ]),
  'moving to another version in a full cache culls, and takes the default timeout': onCache(
    { cullFrequency: 0 },
    [
      { do: 'setMany', given: [pairs('a', 'b', 'c')], options: { timeout: 9 } },
      { do: 'incrVersion', given: ['a', 1] },
      { do: 'incrVersion', given: ['a', 0], options: { version: 2 } },
    ],
  ),
  'two caches of one location, each with its own limit and prefix': {
    start: 1_000_000,
    caches: [
      shape({ keyPrefix: 'p' }),
      shape({ keyPrefix: 'p:1', maxEntries: 1, cullFrequency: 1 }),
    ],
    steps: [
      { do: 'setMany', given: [pairs('a', '1:a', 'b')] },
      { do: 'get', given: ['a'], cache: 1 },
      { do: 'set', given: ['b', 2], cache: 1 },
    ],
  },
};

function onCache(change: Partial<CacheShape>, steps: readonly Step[]): Sequence {
  return { start: 1_000_000, caches: [shape(change)], steps };
}

/** A small cache. */
function shape(change: Partial<CacheShape>): CacheShape {
  return { timeout: 300, maxEntries: 3, cullFrequency: 3, keyPrefix: '', version: 1, ...change };
}

function pairs(...keys: string[]): [string, number][] {
  return keys.map((key) => [key, 1]);
}
