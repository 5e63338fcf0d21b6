import { describe, expect, test } from 'vitest';
import { popularityShares } from '../../scenarios/theory/popularity.ts';
import { groupShares } from '../../scenarios/theory/share-groups.ts';
import { asRead } from '../fixtures/as-read.ts';
import { type ForecastPlan, forecast } from './forecast.ts';

const uniform = (keys: number) =>
  groupShares(popularityShares({ popularity: 'uniform', keys, zipf: 1 }));

/** Each of 1,000 keys is asked for as often, so a cache of 100 of them answers a tenth of the requests. */
const PLAN: ForecastPlan = {
  groups: uniform(1_000),
  requestsPerSecond: 2_000,
  limits: { maxEntries: 100, timeoutSeconds: null, cullFrequency: 3, policy: 'lru' },
  workers: [3, 8],
  startSeconds: 60,
};
const limited = (limits: Partial<ForecastPlan['limits']>) => ({ ...PLAN.limits, ...limits });

const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const sentenceOf = (plan: Partial<ForecastPlan>) =>
  plain(forecast({ ...PLAN, ...plan }).verdict!.sentence);

describe('the figures', () => {
  // A key is asked for λ = 2,000 / 1,000 / N times a second by each of N workers: where nothing is
  // evicted, λ·T / (1 + λ·T) of the requests are hits, as 7.0 % with 8 workers, 37.5 % with one cache.
  const { exhibits } = forecast({ ...PLAN, limits: limited({ timeoutSeconds: 0.3 }) });

  test.each([
    [
      'hit-rate-by-workers',
      'Hit rate against the number of workers',
      'Once settled. The first line is for separate caches. The second divides the memory of one worker among all. The third is for one shared cache, or for requests routed by key.',
      'hit rate, computed: a cache of 100 entries in each worker: 3 workers 10.0 %, 6 workers 9.1 %, 8 workers 7.0 %',
      'hit rate, computed: 100 entries divided among the workers: 3 workers 3.3 %, 6 workers 1.6 %, 8 workers 1.2 %',
      'hit rate, computed: one shared cache of N × 100 entries: 3 workers 29.0 %, 6 workers 37.5 %, 8 workers 37.5 %',
    ],
    [
      'origin-queries',
      'Queries to the database',
      'Of 2,000 requests per second, so many reach the database once the caches have settled.',
      'origin queries per second, computed: a cache of 100 entries in each worker: 3 workers 1,801, 8 workers 1,860',
      'origin queries per second, computed: one shared cache of N × 100 entries: 3 workers 1,419, 8 workers 1,250',
    ],
    [
      'settled-requests',
      'Where requests end, once settled',
      'Expired: the entry was too old. Evicted: a full cache had dropped it. Nothing is cold any more.',
      'share of the requests, computed: hits: 3 workers 10.0 %, 8 workers 7.0 %',
      'share of the requests, computed: expired: 3 workers 82.4 %, 8 workers 93.0 %',
      'share of the requests, computed: evicted: 3 workers 7.7 %, 8 workers 0.0 %',
    ],
    [
      'misses-from-empty',
      'Misses in the first minute after a start',
      'All caches start empty, as after a deployment. Cold: the first request for a key at a worker; every worker has to read every key itself.',
      'misses, computed: cold: 3 workers 3,000, 8 workers 8,000',
      'misses, computed: expired: 3 workers 95,864, 8 workers 103,647',
      'misses, computed: evicted: 3 workers 9,181, 8 workers 0',
    ],
    [
      'forecast',
      'All figures',
      'Hit rates and rates per second once settled; counts of misses in the first minute.',
      'workers | hit rate | origin queries per second | of these expired | of these evicted | cold misses at first | expired at first | evicted at first | entries held | duplication factor',
      '3 | 10.0 % | 1,801 | 1,647 | 153 | 3,000 | 95,864 | 9,181 | 300 | 1.11',
      '8 | 7.0 % | 1,860 | 1,860 | 0 | 8,000 | 103,647 | 0 | 800 | 1.4',
    ],
  ])('%s', (...said) => {
    expect(asRead(exhibits.find(({ id }) => id === said[0])!)).toEqual(said);
  });

  test('divided among more workers than there are entries, each still has one', () => {
    const [curves] = forecast({ ...PLAN, limits: limited({ maxEntries: 2 }) }).exhibits;
    expect(asRead(curves!)).toContain(
      'hit rate, computed: 2 entries divided among the workers: 3 workers 0.1 %, 6 workers 0.1 %, 8 workers 0.1 %',
    );
  });
});

describe('the sentence', () => {
  test.each<[about: string, plan: Partial<ForecastPlan>, said: string]>([
    [
      'one number of workers has nothing to be compared with',
      { workers: [1], limits: limited({ maxEntries: 600 }) },
      '1 worker would settle at a hit rate of 60.0 %: 800 origin queries per second.',
    ],
    [
      'other hit rates stand beside each other',
      { limits: limited({ timeoutSeconds: 0.3 }) },
      '8 workers with a cache each would settle at a hit rate of 7.0 % instead of 10.0 % with 3 (1,860 instead of 1,801 origin queries per second), after 1.03 times the misses in the first minute; one shared cache as large as all of theirs would need 1,250 origin queries per second.',
    ],
    [
      'the same hit rate is said once, and so are misses that are nearly as many',
      { limits: limited({ timeoutSeconds: 20 }) },
      '8 workers with a cache each would settle at the same hit rate as 3 workers, 10.0 % (1,800 origin queries per second), after as many misses in the first minute; one shared cache as large as all of theirs would need 400 origin queries per second.',
    ],
    [
      'where everything fits nothing is left to ask, and not less than nothing',
      { workers: [1, 4], limits: limited({ maxEntries: 1_000 }) },
      '4 workers with a cache each would settle at the same hit rate as 1 worker, 100.0 % (0 origin queries per second), after 4 times the misses in the first minute; one shared cache as large as all of theirs would need 0 origin queries per second.',
    ],
  ])('%s', (_, plan, said) => {
    expect(sentenceOf(plan)).toBe(said);
  });

  test.each([
    [0.5, '0.5 seconds'],
    [1, 'second'],
    [90, '90 seconds'],
    [60, 'minute'],
    [120, '2 minutes'],
    [3_600, 'hour'],
    [7_200, '2 hours'],
  ])('says %d seconds as people do', (startSeconds, said) => {
    expect(sentenceOf({ startSeconds })).toContain(` misses in the first ${said}; `);
  });
});

test.each([
  ['hardly any entries', { maxEntries: 4 }, 1_000, 4],
  ['five entries', { maxEntries: 5 }, 1_000, null],
  ['hardly any entries, and still room for all keys', { maxEntries: 4 }, 4, null],
  ['a cull that drops all of nearly all keys', { maxEntries: 900, cullFrequency: 0 }, 1_000, 900],
  ['a cull that drops all of fewer', { maxEntries: 850, cullFrequency: 1 }, 1_000, null],
  ['a cull that drops a half of nearly all', { maxEntries: 900, cullFrequency: 2 }, 1_000, null],
] as const)('a warning where the formulas are less exact: %s', (_, limits, keys, entries) => {
  const policy = 'django' as const;
  const plan = { groups: uniform(keys), limits: limited({ ...limits, policy }) };
  const warnings = forecast({ ...PLAN, ...plan }).warnings.map(({ message }) => plain(message));
  expect(warnings).toEqual(
    entries === null
      ? []
      : [
          `With ${entries} entries per cache and 1,000 keys the formulas may be off by 0.4 points of hit rate instead of 0.2.`,
        ],
  );
});
