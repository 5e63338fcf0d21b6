import { describe, expect, test } from 'vitest';
import type { Arm } from '../../reports/record/schema.ts';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { within } from '../theory/estimate.ts';
import type { Observed } from './observed.ts';
import { sharedCache } from './scenario.ts';

const LOCAL: Observed = {
  service: null,
  get: { count: 300, p50Micros: 5.12, p99Micros: 14, mediansMicros: [5, 9, 5.12] },
  set: { count: 100, p50Micros: 15, p99Micros: 80, mediansMicros: [15] },
  sharing: { workers: 4, knew: 1 },
  workersReplaced: { lookups: 32, hits: 0 },
  updates: { reads: 30, stale: 29, staleForGood: 30, longestMillis: null },
  serviceRestarted: null,
  outage: null,
};

const REDIS: Observed = {
  service: {
    name: 'redis-server',
    startMillis: 31,
    memory: { entriesBytes: 1_500_000, residentBytes: 7_000_000 },
  },
  get: { count: 300, p50Micros: 90, p99Micros: 1_210, mediansMicros: [92, 84, 90] },
  set: { count: 100, p50Micros: 110, p99Micros: 302, mediansMicros: [110] },
  sharing: { workers: 4, knew: 4 },
  workersReplaced: { lookups: 33, hits: 33 },
  updates: { reads: 31, stale: 2, staleForGood: 0, longestMillis: 3 },
  serviceRestarted: { pages: 8, kept: 0 },
  outage: { requests: 801, failures: 0, bypassed: 1_250, slowestMicros: 9_000, backMillis: 41 },
};

const WITH_FILE: Observed = {
  ...REDIS,
  ...{ get: { ...REDIS.get, p50Micros: 95, p99Micros: 220 } },
  ...{ set: { ...REDIS.set, p50Micros: 170, p99Micros: 900 } },
  ...{ workersReplaced: null, updates: null, outage: null },
  serviceRestarted: { pages: 9, kept: 9 },
};

/** A service that ran already, so that the lab may neither ask nor kill it. */
const BORROWED: Observed = {
  ...REDIS,
  service: { name: 'memcached at 10.0.0.7:11211', startMillis: null, memory: null },
  get: { count: 300, p50Micros: 120, p99Micros: null, mediansMicros: [120] },
  updates: { reads: 32, stale: 0, staleForGood: 0, longestMillis: 0 },
  ...{ serviceRestarted: null, outage: null },
};

/** Half of 800 requests of a cold start were misses, as expected, unless something else is said. */
function arm(given: Partial<Arm>, observations: Observed, missed?: number) {
  const value = given.backend === 'locmem' ? 310 : 120;
  const cold = {
    name: 'cold start',
    totals: { requests: 800, misses: { cold: missed ?? value, expired: 0, evicted: 0 } },
    expected: {
      misses: within(value, { low: value - 10, high: value + 10, reason: 'a test' }, 'it'),
      hitRate: within(0.5, { low: 0, high: 1, reason: 'a test' }, 'it'),
    },
  };
  return armsOf(sharedCache)({
    ...{ name: given.backend!, workers: 4, ...given, phases: [cold], observations },
  });
}

const local = (change: Partial<Observed> = {}) =>
  arm({ backend: 'locmem' }, { ...LOCAL, ...change });
const redis = (change: Partial<Observed> = {}) =>
  arm({ backend: 'redis' }, { ...REDIS, ...change });
const withFile = arm(
  { name: 'redis with a file', backend: 'redis', persistence: 'append-only file' },
  WITH_FILE,
);
const memcached = arm({ backend: 'memcached' }, BORROWED);

describe('local memory and shared caches', () => {
  test('are as theory has them: one splits, the other shares', () => {
    const { exhibits, ...verdict } = judged(sharedCache, [local(), redis(), withFile, memcached]);
    const exact = (value: number, source: string) => `of ${value} (exactly; formula: ${source}) ✔`;
    const shared = 'one cache for all workers, outside them';
    const own = 'each process has its own dictionary';
    const hits = exact(300, 'every page had been stored just before');
    const file = 'each change was in the file before the answer';
    expect(verdict).toEqual({
      agreement: 'agrees',
      sentence:
        'A page that one worker had loaded was known to 1 of 4 workers with local memory; to 4 of ' +
        '4 workers with redis, redis with a file, memcached. The price is the round trip: the ' +
        'median lookup took 5.12 µs in local memory, 90 µs in redis.',
      findings: [
        'C18 misses of a cold start, locmem: 310 misses of 310 (300 to 320: a test; formula: it) ✔',
        `C18 workers that found the page that one of them had loaded, locmem: 1 workers ${exact(1, own)}`,
        `– timed lookups that were hits, locmem: 300 lookups ${hits}`,
        `C18 hits after all workers were replaced, locmem: 0 hits ${exact(0, own)}`,
        `C20 reads that stayed stale after an update at another worker, locmem: 30 reads ${exact(30, own)}`,
        'C18 misses of a cold start, redis: 120 misses of 120 (110 to 130: a test; formula: it) ✔',
        `C18 workers that found the page that one of them had loaded, redis: 4 workers ${exact(4, shared)}`,
        `– timed lookups that were hits, redis: 300 lookups ${hits}`,
        `C18 hits after all workers were replaced, redis: 33 hits ${exact(33, shared)}`,
        `C20 reads that stayed stale after an update at another worker, redis: 0 reads ${exact(0, shared)}`,
        `C18 pages still cached after the service was killed and started again, redis: 0 pages ${exact(0, 'memory goes with its process, whichever process that is')}`,
        `C20 pages not served while the service was gone, redis: 0 requests ${exact(0, 'a worker whose cache does not answer queries the database')}`,
        `C20 outages after which every worker used the cache again on its own, redis: 1 outages ${exact(1, 'a worker keeps trying to connect')}`,
        'C18 misses of a cold start, redis with a file: 120 misses of 120 (110 to 130: a test; formula: it) ✔',
        `C18 workers that found the page that one of them had loaded, redis with a file: 4 workers ${exact(4, shared)}`,
        `– timed lookups that were hits, redis with a file: 300 lookups ${hits}`,
        `C18 pages still cached after the service was killed and started again, redis with a file: 9 pages ${exact(9, file)}`,
        'C18 misses of a cold start, memcached: 120 misses of 120 (110 to 130: a test; formula: it) ✔',
        `C18 workers that found the page that one of them had loaded, memcached: 4 workers ${exact(4, shared)}`,
        `– timed lookups that were hits, memcached: 300 lookups ${hits}`,
        `C18 hits after all workers were replaced, memcached: 33 hits ${exact(33, shared)}`,
        `C20 reads that stayed stale after an update at another worker, memcached: 0 reads ${exact(0, shared)}`,
        `C12 services where every series of lookups took longer than every series in local memory: 3 services ${exact(3, 'a round trip to another process costs more than none')}`,
      ],
    });
    expect(exhibits).toEqual([
      [
        'table backends: Local memory and shared caches, question by question',
        'Each cell was measured in this run: the same requests and number of workers, another place for the entries. “With a file” is Redis writing down each change.',
        ' | locmem | redis | redis with a file | memcached',
        'Needs a service? Started in | no | yes: 31 ms | yes: 31 ms | yes: memcached at 10.0.0.7:11211, which was already running',
        'Memory for 100 pages, as the service counts it | there is none | 1,465 KiB | 1,465 KiB | –',
        'Memory of the whole service, as the system counts it | there is none | 6,836 KiB | 6,836 KiB | –',
        'Shared? Workers that found a page that one had loaded | no: 1 of 4 | yes: 4 of 4 | yes: 4 of 4 | yes: 4 of 4',
        'Misses of a cold start | 310 of 800 | 120 of 800 | 120 of 800 | 120 of 800',
        'Survives new workers? Hits after all were replaced | no: 0 of 32 | yes: 33 of 33 | as without file | yes: 33 of 33',
        "Survives a restart of the service? Pages kept | there is none | no: 0 of 8 | yes: 9 of 9 | not tried: not the lab's own",
        'A lookup that hits: median, 99 % | 5.12 µs, 14 µs | 90 µs, 1.21 ms | 95 µs, 220 µs | –',
        'The same: medians of 3 series | 5 µs to 9 µs | 84 µs to 92 µs | 84 µs to 92 µs | 120 µs to 120 µs',
        'Storing a page: median, 99 % | 15 µs, 80 µs | 110 µs, 302 µs | 170 µs, 900 µs | 110 µs, 302 µs',
        'Stale after an update? Reads at other workers | yes: 29 of 30, until they expire | yes: 2 of 31, at most 3 ms | as without file | no: 0 of 32',
        "Service killed: pages that failed | there is none | 0 of 801 | as without file | not tried: not the lab's own",
        "Service killed: pages from the database instead | there is none | 1,250 | as without file | not tried: not the lab's own",
        "Service back: used again by all workers after | there is none | 41 ms | as without file | not tried: not the lab's own",
      ],
      [
        'bars waiting: How long a hit waits',
        'Measured in the worker, one request at a time; each bar is a median. Local memory is right there, a service is a round trip away, and a near cache saves that trip when it holds the page.',
        'y: median wait, micros',
        'locmem | redis | redis with a file | memcached',
        'lookup that hits, measured: 5.12 | 90 | 95 | 120',
      ],
    ]);
  });

  test.each<[string, Partial<Observed>, Partial<Observed>]>([
    ['workers that found', { sharing: { workers: 4, knew: 4 } }, {}],
    ['hits after all workers', { workersReplaced: { lookups: 32, hits: 8 } }, {}],
    [
      'reads that stayed stale',
      { updates: { reads: 30, stale: 0, staleForGood: 0, longestMillis: 2 } },
      {},
    ],
    ['workers that found', {}, { sharing: { workers: 4, knew: 3 } }],
    ['hits after all workers', {}, { workersReplaced: { lookups: 32, hits: 31 } }],
    [
      'reads that stayed stale',
      {},
      { updates: { reads: 30, stale: 1, staleForGood: 1, longestMillis: null } },
    ],
    ['pages still cached', {}, { serviceRestarted: { pages: 8, kept: 8 } }],
    ['pages not served', {}, { outage: { ...REDIS.outage!, failures: 1 } }],
    ['outages after which', {}, { outage: { ...REDIS.outage!, backMillis: null } }],
    ['services where every', {}, { get: { ...REDIS.get, mediansMicros: [92, 9, 90] } }],
    ['timed lookups', {}, { get: { ...REDIS.get, count: 299 } }],
  ])('disagree in the %s where %o and %o', (what, ofLocal, ofRedis) => {
    const wrong = disagreeing(sharedCache, [local(ofLocal), redis(ofRedis)]);
    expect(wrong.map((one) => one.slice(0, what.length))).toEqual([what]);
  });

  test('disagree when a cold start missed as often as with a cache for each worker', () => {
    const split = arm({ backend: 'redis' }, REDIS, 310);
    expect(disagreeing(sharedCache, [local(), split])).toEqual(['misses of a cold start, redis']);
  });

  test('say of a service that did not come back, and of a share of workers that knew', () => {
    const gone = redis({
      outage: { ...REDIS.outage!, backMillis: null },
      sharing: { workers: 4, knew: 2 },
    });
    const { exhibits, sentence } = judged(sharedCache, [gone, memcached]);
    expect(exhibits[0]!.at(-1)).toContain('after | not at all |');
    expect(exhibits[0]![6]).toContain('had loaded | no: 2 of 4 | yes: 4 of 4');
    expect(sentence).toMatch(
      /^A page that one worker had loaded was known to 2 of 4 workers with redis; to 4 of 4 workers with memcached\./,
    );
  });
});

describe('the price', () => {
  test('needs both a lookup in local memory and one in a service', () => {
    const near = { ...REDIS.get, p50Micros: 3 };
    const none = { count: 0, p50Micros: null, p99Micros: null, mediansMicros: [] };
    const unknown = redis({ get: none });
    const tiered = arm({ backend: 'tiered' }, { ...REDIS, get: near });
    for (const arms of [[local()], [redis()], [local(), tiered], [local(), unknown]]) {
      const { sentence, findings } = judged(sharedCache, arms);
      expect(sentence).not.toContain('price');
      expect(findings.join()).not.toContain('every series');
    }
    const { sentence, findings } = judged(sharedCache, [local(), tiered, redis()]);
    expect(sentence).toContain('median lookup took 5.12 µs in local memory, 90 µs in redis.');
    expect(findings.at(-1)).toContain('1 services of 1 (');
  });

  test('is not claimed where some series of a service was no slower than local memory', () => {
    const near = redis({ get: { ...REDIS.get, mediansMicros: [90, 8.9] } });
    expect(judged(sharedCache, [local(), near]).sentence).toContain(
      'The cost of the round trip was not clear in this run: the median lookup took 5.12 µs in local memory, 90 µs in redis.',
    );
  });
});

test('what it is about, and what it plans', () => {
  expect(factsOf(sharedCache)).toEqual({
    name: 'shared-cache',
    question: 'What does a shared cache gain over local memory, and what does it cost?',
    claims: ['C12', 'C18', 'C20'],
    seconds: 14,
    defaults: {
      backends: ['locmem', 'redis', 'memcached', 'tiered'],
      ...{ workers: [3], requests: 800, connections: 16, keys: 130 },
    },
    quick: { workers: [2], backends: ['locmem', 'redis'], requests: 400, keys: 100 },
    originOrders: 20_000,
    uses: ['backends'],
    unused: {
      ratePerSecond: 'it measures how fast each cache can be.',
    },
  });
  const persistence = 'append-only file';
  expect(planned(sharedCache)).toEqual([
    { name: 'locmem', workers: 3 },
    { name: 'redis', workers: 3, backend: 'redis' },
    { name: 'redis with a file', workers: 3, backend: 'redis', persistence },
    { name: 'memcached', workers: 3, backend: 'memcached' },
    { name: 'tiered', workers: 3, backend: 'tiered' },
  ]);
  expect(planned(sharedCache, { workers: [2, 4], backends: ['redis'] })).toEqual([
    { name: 'redis, 2 workers', workers: 2, backend: 'redis' },
    { name: 'redis with a file, 2 workers', workers: 2, backend: 'redis', persistence },
    { name: 'redis, 4 workers', workers: 4, backend: 'redis' },
    { name: 'redis with a file, 4 workers', workers: 4, backend: 'redis', persistence },
  ]);
});

test('what it refuses', () => {
  expect(refusals(sharedCache, { keys: 100, requests: 16, timeoutSeconds: 60 })).toEqual([]);
  const wrong = { workers: [1, 2], keys: 99, requests: 15, timeoutSeconds: 59 };
  expect(refusals(sharedCache, { ...wrong, backends: ['dummy'], maxEntries: 98 })).toEqual([
    'workers: there would be no worker to share with; give 2 or more',
    'backends: dummy keeps nothing, so there is nothing to separate or share',
    'keys: it asks for 100 distinct pages one by one; use 100 or more',
    'requests: each of the hot pages needs two requests; use 16 or more',
    'keys: a cache holds 98 entries (--max-entries), and nothing may be evicted here',
    'timeoutSeconds: entries would expire while it runs; 60 is enough',
  ]);
});
