import { describe, expect, test } from 'vitest';
import type { BackendName } from '../../reports/record/vocabulary.ts';
import { armsOf } from '../kit/fixtures/arm.ts';
import { disagreeing, judged } from '../kit/fixtures/judged.ts';
import { factsOf, planned, refusals } from '../kit/fixtures/options.ts';
import { counter } from './scenario.ts';

/** Three workers with 10, 20 and 30 visits; `shared`: as if one counter counted them all. */
function arm(shared: boolean, { backend = 'locmem' as BackendName, metricIsShared = shared } = {}) {
  const scrapes = [
    { slot: 3, visitsThere: 9, visitsInAll: 20 },
    { slot: 1, visitsThere: 7, visitsInAll: 41 },
    { slot: 2, visitsThere: 19, visitsInAll: 55 },
    { slot: 1, visitsThere: 10, visitsInAll: 60 },
  ];
  return armsOf(counter)({
    ...{ workers: 3, backend },
    observations: {
      counts: [10, 20, 30].map((visits, i) => ({
        ...{ slot: i + 1, visits, counter: shared ? 60 : visits },
      })),
      scrapes: scrapes.map((one) => ({
        ...one,
        value: metricIsShared ? one.visitsInAll : one.visitsThere,
      })),
    },
  });
}

const cached = '3 workers: workers whose cached counter shows their own visits and no others';
const scraped = '3 workers: scrapes that gave the visits of the worker that happened to answer';
const fallen = '3 workers: times that the scraped value fell';

describe('a counter', () => {
  test('in each worker counts its own visits, and seems to jump and fall', () => {
    // From 9 down to 7, up by 12, down to 10: 7 + 12 + 10 visits where there were 40.
    expect(judged(counter, [arm(false)])).toEqual({
      agreement: 'agrees',
      sentence:
        '3 workers kept 3 counters in their cache: the highest showed 30 of 60 visits. Scraped ' +
        'through the shared port, the value fell 2 times, and a monitoring system would report ' +
        '29 visits where there were 40.',
      findings: [
        `C8 ${cached}: 3 workers of 3 (exactly; formula: a counter in the memory of each process) ✔`,
        `C17 ${scraped}: 4 scrapes of 4 (exactly; formula: a metric in the memory of each process) ✔`,
        `C17 ${fallen}: 2 times of 2 (exactly; formula: the workers’ visits in the order in which they answered) ✔`,
      ],
      exhibits: [
        [
          'lines scraped: The scraped value against the visits',
          'Each point is one scrape. One worker reports all visits; several take turns to report their own counts.',
          'x: visits, count; y: value scraped, count',
          '3 workers, measured: 20 → 9 | 41 → 7 | 55 → 19 | 60 → 10',
        ],
        [
          'bars increase: Visits between the first scrape and the last',
          'What a monitoring system reports when it takes every fall for a restart, and the true number.',
          'y: visits, count',
          '3 workers',
          'from the scrapes, measured: 29',
          'really, expected: 40',
        ],
        [
          'table counters: The counter in each cache, at the end',
          'Raised by incr, which is one step inside its own process only.',
          'arm | worker (count) | visits that it answered (count) | its counter (count)',
          '3 workers | 1 | 10 | 10',
          '3 workers | 2 | 20 | 20',
          '3 workers | 3 | 30 | 30',
        ],
      ],
    });
  });

  test('that all have together disagrees with it, in each finding', () => {
    expect(disagreeing(counter, [arm(true)])).toEqual([cached, scraped, fallen]);
  });

  test('in a shared cache shows the visits of all, and the metric still does not', () => {
    const redis = { backend: 'redis', metricIsShared: false } as const;
    const { agreement, findings, sentence } = judged(counter, [arm(true, redis)]);
    expect(agreement).toBe('agrees');
    expect(sentence).toMatch(
      /^3 workers kept 1 counter in their cache: the highest showed 60 of 60/,
    );
    const ofAll = '3 workers: workers whose cached counter shows the visits of all';
    expect(findings[0]).toBe(
      `C8 ${ofAll}: 3 workers of 3 (exactly; formula: one counter in the shared cache, raised in one step) ✔`,
    );
    expect(disagreeing(counter, [arm(false, redis)])).toEqual([ofAll]);
  });

  test('in one worker is right, which proves nothing about several', () => {
    const counts = [{ slot: 1, visits: 60, counter: 60 }];
    const scrapes = [{ slot: 1, visitsThere: 60, visitsInAll: 60, value: 60 }];
    const alone = armsOf(counter)({ workers: 1, observations: { counts, scrapes } });
    const { findings, sentence } = judged(counter, [alone]);
    expect(findings.map((finding) => finding.slice(0, 10))).toEqual(
      new Array(3).fill('– 1 worker'),
    );
    expect(sentence).toContain('the value fell 0 times, and');
    expect(judged(counter, [alone, arm(false)]).sentence).toMatch(/^3 workers kept 3 counters/);
  });

  test('that nobody raised or scraped shows nothing', () => {
    const silent = armsOf(counter)({ workers: 3, observations: { counts: [], scrapes: [] } });
    expect(judged(counter, [silent]).sentence).toContain('the highest showed 0 of 0 visits');
  });
});

test('what it is about, and what it plans', () => {
  const noPages = 'it requests no user pages, but for counters.';
  const stay = 'its few entries must stay in their caches while it runs.';
  expect(factsOf(counter)).toEqual({
    name: 'counter',
    question: 'Why does the number of visits jump, and even fall?',
    claims: ['C8', 'C17'],
    seconds: 4,
    defaults: { requests: 2_400 },
    quick: { workers: [3], requests: 240, connections: 10 },
    uses: ['backends'],
    unused: {
      ...{ keys: noPages, zipf: noPages, popularity: noPages },
      ...{ maxEntries: stay, timeoutSeconds: stay, cullFrequency: stay },
      originDelayMillis: 'the counters are not in the database.',
      ratePerSecond: 'it scrapes after a number of visits, not of seconds.',
    },
  });
  expect(planned(counter)).toEqual([
    { name: '1 worker', workers: 1, features: ['counters'] },
    { name: '4 workers', workers: 4, features: ['counters'] },
  ]);
});

test('what it refuses', () => {
  expect(refusals(counter, { workers: [1, 2], requests: 240 })).toEqual([]);
  const wrong = { workers: [1], requests: 239, backends: ['locmem', 'dummy'] } as const;
  expect(refusals(counter, wrong)).toEqual([
    'workers: one worker has one counter; the baseline of one worker runs anyway, so give 2 or more',
    'requests: too few visits between two of the 24 scrapes; use 240 or more',
    'backends: dummy keeps nothing, so there is nothing to separate or share',
  ]);
});
