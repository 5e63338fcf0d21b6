import type { Scenario, ScenarioCache } from './scenario.ts';

const CACHE: ScenarioCache = {
  timeout: 300,
  maxEntries: 3,
  cullFrequency: 3,
  keyPrefix: '',
  version: 1,
};

const START = 1_000_000;

/** Scenarios with a name: the corners where it is easy to differ from Django. */
export const CASES: Readonly<Record<string, Scenario>> = {
  'overwriting a key of a full cache culls first, and may cull that very key': {
    start: START,
    caches: [CACHE],
    steps: [
      { do: 'setMany', keys: ['a', 'b', 'c'], value: 1 },
      { do: 'set', key: 'a', value: 2 },
      { do: 'set', key: 'c', value: 3 },
    ],
  },
  'a cull that divides to zero drops nothing, and the cache grows past its limit': {
    start: START,
    caches: [{ ...CACHE, maxEntries: 1, cullFrequency: 4 }],
    steps: [{ do: 'setMany', keys: ['a', 'b', 'c', 'd', 'e'], value: 1 }],
  },
  'an expired entry that nobody touched counts towards the limit': {
    start: START,
    caches: [CACHE],
    steps: [
      { do: 'setMany', keys: ['a', 'b'], value: 1, timeout: 1 },
      { do: 'wait', seconds: 5 },
      { do: 'set', key: 'c', value: 1 },
      { do: 'set', key: 'd', value: 1 },
    ],
  },
  'deleting an expired entry succeeds, touching it does not': {
    start: START,
    caches: [CACHE],
    steps: [
      { do: 'setMany', keys: ['a', 'b'], value: 1, timeout: 1 },
      { do: 'wait', seconds: 1 },
      { do: 'touch', key: 'a' },
      { do: 'delete', key: 'a' },
      { do: 'delete', key: 'a' },
    ],
  },
  'adding over an expired entry keeps no second one': {
    start: START,
    caches: [CACHE],
    steps: [
      { do: 'set', key: 'a', value: 1, timeout: 1 },
      { do: 'wait', seconds: 1 },
      { do: 'add', key: 'a', value: 2 },
      { do: 'get', key: 'a' },
    ],
  },
  'a timeout of 0 lies a second back, a default timeout of 0 does not': {
    start: START,
    caches: [{ ...CACHE, timeout: 0 }],
    steps: [
      { do: 'set', key: 'a', value: 1, timeout: 0 },
      { do: 'set', key: 'b', value: 1 },
      { do: 'wait', seconds: -0.5 },
      { do: 'get', key: 'a' },
      { do: 'get', key: 'b' },
    ],
  },
  'what getOrSet stores with a timeout of 0 is gone when it reads again': {
    start: START,
    caches: [CACHE],
    steps: [{ do: 'getOrSet', key: 'a', value: 'loaded', timeout: 0 }],
  },
  'a failing incr leaves the recency as it was': {
    start: START,
    caches: [CACHE],
    steps: [
      { do: 'setMany', keys: ['a', 'b'], value: 'text' },
      { do: 'incr', key: 'a', delta: 1 },
    ],
  },
  'moving to another version in a full cache culls, and takes the default timeout': {
    start: START,
    caches: [{ ...CACHE, cullFrequency: 0 }],
    steps: [
      { do: 'setMany', keys: ['a', 'b', 'c'], value: 1, timeout: 9 },
      { do: 'incrVersion', key: 'a', delta: 1 },
      { do: 'incrVersion', key: 'a', delta: 0, version: 2 },
    ],
  },
  'two caches of one location, each with its own limit and prefix': {
    start: START,
    caches: [
      { ...CACHE, keyPrefix: 'p' },
      { ...CACHE, keyPrefix: 'p:1', maxEntries: 1, cullFrequency: 1 },
    ],
    steps: [
      { do: 'setMany', keys: ['a', '1:a', 'b'], value: 1 },
      { do: 'get', key: 'a', cache: 1 },
      { do: 'set', key: 'b', value: 2, cache: 1 },
    ],
  },
};
