import { expect, test } from 'vitest';
import { OPTIONS } from './fixtures/options.ts';
import {
  aRateThatHolds,
  atLeast,
  everythingFits,
  FRESH_CONNECTIONS,
  moreThanTheBaseline,
  NO_LIMITS,
  noPopularity,
  noTraffic,
  nothingExpires,
  noUserPages,
  randomKeys,
  refuseWhen,
  severalWorkers,
  unusedBy,
  usableBackends,
} from './options.ts';

const given = (change: Partial<typeof OPTIONS>) => ({ ...OPTIONS, ...change });

test('a refusal names its option, and is none where all is well', () => {
  expect(refuseWhen(true, 'keys', 'because')).toEqual({ option: 'keys', why: 'because' });
  expect(refuseWhen(false, 'keys', 'because')).toBeNull();
});

test('one worker is refused where it is no case, or alone where it is the comparison', () => {
  const workers = (...workers: number[]) => given({ workers });
  const why = 'so it is; give 2 or more';
  expect(severalWorkers(workers(4, 1), 'so it is')).toEqual({ option: 'workers', why });
  expect(severalWorkers(workers(4, 2), 'so it is')).toBeNull();
  expect(moreThanTheBaseline(workers(1), 'so it is')).toEqual({
    option: 'workers',
    why: 'so it is; the baseline of one worker runs anyway, so give 2 or more',
  });
  expect(moreThanTheBaseline(workers(1, 2), '')).toBeNull();
});

test('what would be evicted or expire is refused', () => {
  expect(everythingFits(given({ keys: 301 }))).toEqual({
    option: 'keys',
    why: 'a cache holds 300\u00a0entries (--max-entries), and nothing may be evicted here',
  });
  expect(everythingFits(given({ keys: 300 }))).toBeNull();
  expect(everythingFits(given({ keys: 2, maxEntries: 1 }))?.why).toMatch(/^a cache holds 1.entry /);
  expect(nothingExpires(given({ timeoutSeconds: 9 }), 10)).toEqual({
    option: 'timeoutSeconds',
    why: 'entries would expire while it runs; 10 is enough',
  });
  expect(nothingExpires(given({ timeoutSeconds: 10 }), 10)).toBeNull();
  expect(nothingExpires(given({ timeoutSeconds: null }), 10)).toBeNull();
});

test('a cycle of keys is refused', () => {
  expect(randomKeys(given({ popularity: 'cyclic' }))).toEqual({
    option: 'popularity',
    why: 'a cycle falls into step with the routing, and theory assumes random keys',
  });
  expect(randomKeys(given({ popularity: 'uniform' }))).toBeNull();
});

test('a rate is needed, and one that can be held', () => {
  const refused = {
    option: 'ratePerSecond',
    why: 'it measures over time, so it needs a --rate, and with fresh connections 1000 is the most',
  };
  expect(aRateThatHolds(given({ ratePerSecond: null }))).toEqual(refused);
  expect(aRateThatHolds(given({ ratePerSecond: 1_001 }))).toEqual(refused);
  expect(aRateThatHolds(given({ ratePerSecond: 1_000 }))).toBeNull();
});

test('too small a number is refused with the least that will do', () => {
  expect(atLeast(given({ requests: 9 }), 'requests', 10, 'so few say little')).toEqual({
    option: 'requests',
    why: 'so few say little; use 10 or more',
  });
  expect(atLeast(given({ requests: 10 }), 'requests', 10, '')).toBeNull();
});

test('a backend that makes no sense is refused with its reason', () => {
  const reasons = { memcached: 'too slow', redis: 'too far' };
  const refused = (backends: (typeof OPTIONS)['backends'], why?: typeof reasons) =>
    usableBackends(given({ backends }), why);
  expect(refused(['locmem', 'redis', 'memcached'])).toBeNull();
  expect(refused(['locmem', 'dummy'])).toEqual({
    option: 'backends',
    why: 'dummy keeps nothing, so there is nothing to separate or share',
  });
  expect(refused(['locmem', 'redis', 'memcached'], reasons)?.why).toBe('too far');
  expect(refused(['locmem', 'dummy'], reasons)?.why).toMatch(/^dummy keeps nothing/);
});

test('options that mean nothing come with the reason', () => {
  const pages = 'it requests no user pages, but for clocks.';
  expect(noUserPages('for clocks')).toEqual({ keys: pages, zipf: pages, popularity: pages });
  expect(noPopularity('there is one key')).toEqual({
    zipf: 'there is one key.',
    popularity: 'there is one key.',
  });
  expect(noTraffic('each is asked once')).toEqual({
    requests: 'each is asked once.',
    connections: 'each is asked once.',
    routing: 'each is asked once.',
    ratePerSecond: 'each is asked once.',
  });
  expect(FRESH_CONNECTIONS).toEqual({
    connections: 'the rate decides how many connections there are.',
    routing: 'each request comes over a fresh connection, so that every worker gets its share.',
  });
  const stay = 'its few entries must stay in their caches while it runs.';
  expect(NO_LIMITS).toEqual({ maxEntries: stay, timeoutSeconds: stay, cullFrequency: stay });
});

test('backends and rounds mean nothing unless a scenario uses them, or has a reason of its own', () => {
  const backends = 'it is about in-process caches.';
  const rounds = 'it already repeats what it needs to.';
  expect(unusedBy({})).toEqual({ backends, rounds });
  expect(unusedBy({ uses: ['backends'], unused: { seed: 'no.' } })).toEqual({
    rounds,
    seed: 'no.',
  });
  expect(unusedBy({ uses: ['backends', 'rounds'] })).toEqual({});
  expect(unusedBy({ unused: { rounds: 'no.' } })).toEqual({ backends, rounds: 'no.' });
});
