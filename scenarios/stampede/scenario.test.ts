import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../reports/record/vocabulary.ts';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { stampede } from './scenario.ts';

/** Twelve requests at three workers, of which those loaded that `loads` says, and one found it. */
const burst = (loads: (place: number) => boolean) =>
  Array.from({ length: 12 }, (_, place) => ({
    slot: 3 - (place % 3),
    outcome: loads(place)
      ? ('loaded' as const)
      : place === 11
        ? ('found' as const)
        : ('waited' as const),
  }));
type Burst = ReturnType<typeof burst>;

const everybody = burst(() => true);
const allButOne = burst((place) => place !== 5);
const oneForEachWorker = burst((place) => place < 3);
const oneForAll = burst((place) => place === 0);

/** Of two bursts without a lock, one lets a request find the entry. */
const arm = (withLock: Burst, backend: BackendName = 'locmem', second: Burst = allButOne) =>
  armsOf(stampede)({
    ...{ workers: 3, backend },
    observations: {
      withoutLock: [everybody, second],
      withLock: [withLock, withLock, withLock],
    },
  });

const unlocked = '3 workers, without a lock: loads in 2 bursts of 12 requests';
const locked = '3 workers, with a lock by add: loads in 3 bursts';

describe('a lock', () => {
  test('in each worker lets one through in each', () => {
    expect(judged(stampede, [arm(oneForEachWorker)])).toEqual({
      agreement: 'agrees',
      sentence:
        'Each time the hot entry was gone, 12 clients wanted it at once: without a lock ' +
        '3 workers loaded it 11.5 times, with a lock 3 times.',
      findings: [
        `C17 ${unlocked}: 23 loads of 24 (12 to 24: from half of the requests to all: one that comes after the first load finds the entry; formula: every request that misses loads it: up to N · c for c requests per worker) ✔`,
        `C17 ${locked}: 9 loads of 9 (exactly; formula: a lock in a process lets one through in each: N per burst) ✔`,
      ],
      exhibits: [
        [
          'bars loads: Loads each time the entry was gone',
          'A lock keeps the requests of one worker from loading the same thing at once. It does not reach the other workers.',
          'y: loads of one entry, number',
          '3 workers',
          'without a lock, measured: 11.5',
          'with a lock, measured: 3',
          'a lock per process: N, expected: 3',
        ],
        [
          'table by-worker: Who loaded, who waited, who found it',
          'All bursts together, for each worker.',
          'arm | lock | worker (count) | requests (count) | loaded (count) | waited (count) | found (count)',
          '3 workers | no | 1 | 8 | 7 | 1 | 0',
          '3 workers | no | 2 | 8 | 8 | 0 | 0',
          '3 workers | no | 3 | 8 | 8 | 0 | 0',
          '3 workers | yes | 1 | 12 | 3 | 6 | 3',
          '3 workers | yes | 2 | 12 | 3 | 9 | 0',
          '3 workers | yes | 3 | 12 | 3 | 9 | 0',
        ],
      ],
    });
  });

  test('that holds for all workers, or lets two through in one, disagrees with it', () => {
    expect(disagreeing(stampede, [arm(oneForAll)])).toEqual([locked]);
    expect(disagreeing(stampede, [arm(burst((place) => place < 4))])).toEqual([locked]);
  });

  test('in a shared cache lets one through for all, or it shares nothing', () => {
    const { agreement, findings, exhibits } = judged(stampede, [arm(oneForAll, 'redis')]);
    expect(agreement).toBe('agrees');
    expect(findings[1]).toBe(
      `C17 ${locked}: 3 loads of 3 (exactly; formula: a lock in the shared cache lets one through: 1 per burst) ✔`,
    );
    expect(exhibits[0]!.at(-1)).toBe('a lock per process: N, expected: 1');
    expect(disagreeing(stampede, [arm(oneForEachWorker, 'redis')])).toEqual([locked]);
  });

  test('is told of the fleet with most caches', () => {
    const arms = [arm(oneForAll, 'redis'), arm(oneForEachWorker)];
    expect(judged(stampede, arms).sentence).toContain('with a lock 3 times');
  });
});

test.each([
  [6, []],
  [5, [unlocked]],
])('without a lock half of the requests load it, not 6 and %i of 24', (loads, wrong) => {
  const { withLock } = arm(oneForEachWorker).observations;
  const withoutLock = [burst((place) => place < 6), burst((place) => place < loads)];
  const waited = { ...arm(oneForEachWorker), observations: { withLock, withoutLock } };
  expect(disagreeing(stampede, [waited])).toEqual(wrong);
});

test('where no burst came nothing was loaded, and one worker proves nothing of several', () => {
  const observations = { withoutLock: [], withLock: [] };
  const silent = armsOf(stampede)({ workers: 1, observations });
  const { sentence, findings, exhibits } = judged(stampede, [silent]);
  expect(sentence).toContain(
    '0 clients wanted it at once: without a lock 1 worker loaded it 0 times',
  );
  expect(findings[0]).toMatch(/^C17 1 worker, without a lock: loads in 0 bursts of 0 requests/);
  expect(findings[1]).toMatch(/^– 1 worker, with a lock/);
  expect(exhibits[0]!.slice(4, 6)).toEqual([
    'without a lock, measured: 0',
    'with a lock, measured: 0',
  ]);
});

test('what it is about, and what it plans', () => {
  const noPages = 'it requests no user pages, but for one hot page.';
  expect(factsOf(stampede)).toEqual({
    name: 'stampede',
    question: 'The entry that everybody wants expires. How often is it loaded?',
    claims: ['C17'],
    seconds: 7,
    originOrders: 2_000,
    defaults: { originDelayMillis: 250 },
    quick: { workers: [2], connections: 16, originDelayMillis: 150 },
    uses: ['backends'],
    unused: {
      ...{ keys: noPages, zipf: noPages, popularity: noPages },
      maxEntries: 'there is one entry.',
      cullFrequency: 'there is one entry.',
      timeoutSeconds: 'the hot entry lives for 0.3 s, so that it expires during the run.',
      requests: 'each connection sends one request each time the entry is gone; use --connections.',
      routing: 'all connections send one request at the same moment.',
      ratePerSecond: 'all connections send their request at the same moment.',
    },
  });
  expect(planned(stampede)).toEqual([
    { name: '1 worker', workers: 1, features: ['hot-key'], routing: 'fresh' },
    { name: '4 workers', workers: 4, features: ['hot-key'], routing: 'fresh' },
  ]);
});

test('what it refuses', () => {
  expect(refusals(stampede, { connections: 9, originDelayMillis: 36 })).toEqual([]);
  expect(refusals(stampede, { workers: [2, 4], connections: 8, originDelayMillis: 31 })).toEqual([
    'connections: with 4 workers each would get too few requests at once for a lock to matter; use 9 or more',
    'originDelayMillis: the entry would be back before 8 connections have sent a request; use 32 or more',
  ]);
  expect(refusals(stampede, { backends: ['memcached'] })).toEqual([
    "backends: memcached's clock ticks once a second, and the hot entry lives for 0.3 s",
  ]);
});
